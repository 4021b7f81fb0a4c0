CREATE TABLE "substation"."queue_major" (
	"environment" text NOT NULL,
	"server" text NOT NULL,
	"queue" text NOT NULL,
	"major" integer NOT NULL,
	"said_by" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "queue_major_environment_server_queue_pk" PRIMARY KEY("environment","server","queue")
);
