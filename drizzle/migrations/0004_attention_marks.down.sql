DROP TABLE "substation"."attention_mark";
