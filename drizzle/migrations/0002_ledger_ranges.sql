ALTER TABLE "substation"."operation_item" ADD COLUMN "first" integer;--> statement-breakpoint
ALTER TABLE "substation"."operation_item" ADD COLUMN "last" integer;