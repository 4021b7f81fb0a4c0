CREATE TABLE "substation"."deploy" (
	"environment" text NOT NULL,
	"service" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"version" text NOT NULL,
	"previous" text,
	"commit" text,
	CONSTRAINT "deploy_environment_service_at_version_pk" PRIMARY KEY("environment","service","at","version")
);
--> statement-breakpoint
-- Their partitions, a day each, are made ahead and dropped by the console that leads (lib/console/series/partitions.ts).
CREATE TABLE "substation"."sample" (
	"bucket" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	"series" integer NOT NULL,
	"spread" real[],
	CONSTRAINT "sample_series_bucket_pk" PRIMARY KEY("series","bucket")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "substation"."sample_minute" (
	"bucket" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	"series" integer NOT NULL,
	"spread" real[],
	CONSTRAINT "sample_minute_series_bucket_pk" PRIMARY KEY("series","bucket")
) PARTITION BY RANGE ("bucket");
--> statement-breakpoint
CREATE TABLE "substation"."series" (
	"id" serial PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"service" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"last_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "series_name" UNIQUE("environment","service","name")
);
--> statement-breakpoint
CREATE INDEX "deploy_recent" ON "substation"."deploy" USING btree ("environment","at" DESC NULLS LAST);