ALTER TABLE "substation"."operation_item" DROP COLUMN "last";
--> statement-breakpoint
ALTER TABLE "substation"."operation_item" DROP COLUMN "first";
