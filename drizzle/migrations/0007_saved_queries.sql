CREATE TABLE "substation"."saved_query" (
	"id" text PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"database" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"text" text NOT NULL,
	"parameters" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "saved_query_name" ON "substation"."saved_query" USING btree ("environment","database","name");