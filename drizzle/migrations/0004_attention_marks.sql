CREATE TABLE "substation"."attention_mark" (
	"environment" text NOT NULL,
	"item" text NOT NULL,
	"kind" text NOT NULL,
	"actor_name" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"band" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "attention_mark_environment_item_pk" PRIMARY KEY("environment","item")
);
