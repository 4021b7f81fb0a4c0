CREATE TABLE "substation"."queue_pause" (
	"environment" text NOT NULL,
	"server" text NOT NULL,
	"queue" text NOT NULL,
	"paused_by" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"until" timestamp (3) with time zone,
	CONSTRAINT "queue_pause_environment_server_queue_pk" PRIMARY KEY("environment","server","queue")
);
