CREATE SCHEMA IF NOT EXISTS "substation";
--> statement-breakpoint
CREATE TABLE "substation"."account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "substation"."audit_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"run" text NOT NULL,
	"seq" integer NOT NULL,
	"kind" text NOT NULL,
	"environment" text NOT NULL,
	"operation" text NOT NULL,
	"target_kind" text,
	"target_name" text,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"actor_role" text NOT NULL,
	"via" text NOT NULL,
	"request" text NOT NULL,
	"input" jsonb,
	"reason" text,
	"outcome" text,
	"message" text,
	"duration_ms" integer,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "substation"."fleet_event" (
	"environment" text NOT NULL,
	"stream_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"process" text NOT NULL,
	"service" text NOT NULL,
	"instance" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "fleet_event_environment_stream_id_pk" PRIMARY KEY("environment","stream_id")
);
--> statement-breakpoint
CREATE TABLE "substation"."operation_item" (
	"run_id" text NOT NULL,
	"key" text NOT NULL,
	"status" text NOT NULL,
	"message" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operation_item_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "substation"."operation_run" (
	"id" text PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"operation" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_name" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_name" text NOT NULL,
	"actor_role" text NOT NULL,
	"via" text NOT NULL,
	"request" text NOT NULL,
	"status" text NOT NULL,
	"input" jsonb NOT NULL,
	"payload" jsonb,
	"reason" text,
	"summary" text,
	"error_code" text,
	"error_id" text,
	"result" jsonb,
	"progress" jsonb,
	"durable" boolean DEFAULT false NOT NULL,
	"worker" text,
	"fence" integer DEFAULT 1 NOT NULL,
	"heartbeat_at" timestamp (3) with time zone,
	"begun_at" timestamp (3) with time zone,
	"abort_requested_by" text,
	"undo_state" jsonb,
	"undo_until" timestamp (3) with time zone,
	"undone_by" text,
	"undo_of" text,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "substation"."rate_limit" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "rate_limit_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "substation"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "substation"."user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"login" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "substation"."verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "substation"."account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "substation"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "substation"."operation_item" ADD CONSTRAINT "operation_item_run_id_operation_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "substation"."operation_run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "substation"."session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "substation"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_provider" ON "substation"."account" USING btree ("provider_id","account_id");--> statement-breakpoint
CREATE INDEX "account_user_id" ON "substation"."account" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_event_recent" ON "substation"."audit_event" USING btree ("environment","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_event_run" ON "substation"."audit_event" USING btree ("run","seq");--> statement-breakpoint
CREATE INDEX "audit_event_actor" ON "substation"."audit_event" USING btree ("actor_id","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "fleet_event_recent" ON "substation"."fleet_event" USING btree ("environment","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operation_item_status" ON "substation"."operation_item" USING btree ("run_id","status");--> statement-breakpoint
CREATE INDEX "operation_run_recent" ON "substation"."operation_run" USING btree ("environment","started_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operation_run_status" ON "substation"."operation_run" USING btree ("status","heartbeat_at");--> statement-breakpoint
CREATE INDEX "session_user_id" ON "substation"."session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "substation"."verification" USING btree ("identifier");
--> statement-breakpoint
CREATE FUNCTION "substation"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit_event is insert-only' USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER "audit_event_insert_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "substation"."audit_event"
	FOR EACH STATEMENT EXECUTE FUNCTION "substation"."refuse_change"();
