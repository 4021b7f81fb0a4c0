/** What a query may be made of. What is not listed here is refused, so that a construct of a newer Postgres is too. */

/** The kinds of nodes of a syntax tree, each with the fields that may be set. */
export const NODES: Readonly<Record<string, readonly string[]>> = {
  SelectStmt: [
    'distinctClause targetList fromClause whereClause groupClause groupDistinct havingClause windowClause valuesLists',
    'sortClause limitOffset limitCount limitOption withClause op all larg rarg',
  ].flatMap(words => words.split(' ')),
  ResTarget: ['name', 'val'],
  ColumnRef: ['fields'],
  A_Star: [],
  String: ['sval'],
  Integer: ['ival'],
  A_Const: ['ival', 'fval', 'boolval', 'sval', 'isnull'],
  ParamRef: ['number'],
  A_Expr: ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end'],
  BoolExpr: ['boolop', 'args'],
  NullTest: ['arg', 'nulltesttype', 'argisrow'],
  BooleanTest: ['arg', 'booltesttype'],
  FuncCall: [
    'funcname args agg_order agg_filter over agg_within_group agg_star agg_distinct func_variadic funcformat',
  ].flatMap(words => words.split(' ')),
  TypeCast: ['arg', 'typeName'],
  TypeName: ['names', 'typmods', 'typemod', 'arrayBounds'],
  CaseExpr: ['arg', 'args', 'defresult'],
  CaseWhen: ['expr', 'result'],
  CoalesceExpr: ['args'],
  MinMaxExpr: ['op', 'args'],
  SQLValueFunction: ['op', 'typmod'],
  SubLink: ['subLinkType', 'testexpr', 'operName', 'subselect'],
  RangeVar: ['schemaname', 'relname', 'inh', 'relpersistence', 'alias'],
  RangeSubselect: ['lateral', 'subquery', 'alias'],
  RangeFunction: ['lateral', 'ordinality', 'functions', 'alias'],
  JoinExpr: ['jointype', 'isNatural', 'larg', 'rarg', 'usingClause', 'quals', 'alias', 'join_using_alias'],
  Alias: ['aliasname', 'colnames'],
  SortBy: ['node', 'sortby_dir', 'sortby_nulls'],
  WindowDef: ['name', 'refname', 'partitionClause', 'orderClause', 'frameOptions', 'startOffset', 'endOffset'],
  GroupingSet: ['kind', 'content'],
  GroupingFunc: ['args'],
  A_ArrayExpr: ['elements', 'list_start', 'list_end'],
  A_Indirection: ['arg', 'indirection'],
  A_Indices: ['is_slice', 'lidx', 'uidx'],
  RowExpr: ['args', 'row_format'],
  List: ['items'],
  // Not recursive ones, which grow without an end.
  WithClause: ['ctes'],
  CommonTableExpr: ['ctename', 'aliascolnames', 'ctematerialized', 'ctequery'],
}

/** Fields that are a tree of one kind, without its name. */
export const BARE: Readonly<Record<string, string>> = {
  withClause: 'WithClause',
  alias: 'Alias',
  join_using_alias: 'Alias',
  typeName: 'TypeName',
  over: 'WindowDef',
}

const words = (...lines: string[]) => new Set(lines.flatMap(line => line.split(' ')))

/** Functions of Postgres that compute from their arguments and do nothing else: none reads a file, a setting, a catalog or another database. */
export const FUNCTIONS: ReadonlySet<string> = words(
  // Aggregates.
  'count sum min max avg bool_and bool_or every string_agg array_agg jsonb_agg jsonb_object_agg mode corr any_value',
  'stddev stddev_pop stddev_samp variance var_pop var_samp percentile_cont percentile_disc',
  // Windows.
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value',
  // Times.
  'now transaction_timestamp statement_timestamp date_trunc date_part date_bin extract timezone age to_char to_date to_timestamp',
  'make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours justify_interval overlaps',
  // Texts.
  'lower upper initcap length char_length character_length octet_length left right substring substr btrim ltrim rtrim trim replace',
  'split_part position strpos concat concat_ws reverse starts_with translate ascii chr to_number like_escape similar_to_escape',
  'regexp_replace regexp_match regexp_count regexp_substr regexp_split_to_array string_to_array',
  // Numbers.
  'abs ceil ceiling floor round trunc sign mod power sqrt cbrt ln log exp width_bucket div gcd lcm',
  // JSON and arrays.
  'jsonb_array_length jsonb_typeof jsonb_extract_path jsonb_extract_path_text jsonb_array_elements jsonb_array_elements_text',
  'jsonb_object_keys jsonb_each jsonb_each_text jsonb_build_object jsonb_build_array jsonb_strip_nulls',
  'cardinality array_length array_position array_to_string unnest generate_series',
)

export const OPERATORS: ReadonlySet<string> = words(
  '= <> != < > <= >= + - * / % ^ || ~~ ~~* !~~ !~~* ~ ~* !~ !~* @> <@ && ? ?| ?& -> ->> #> #>>',
  'BETWEEN',
).union(new Set(['NOT BETWEEN', 'BETWEEN SYMMETRIC', 'NOT BETWEEN SYMMETRIC']))

export const TYPES: ReadonlySet<string> = words(
  'text varchar bpchar int2 int4 int8 float4 float8 numeric bool date time timetz timestamp timestamptz interval uuid jsonb',
)

/** Of the functions without parentheses: not those that name accounts and schemas. */
export const VALUE_FUNCTIONS: ReadonlySet<string> = words(
  'SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIME_N SVFOP_CURRENT_TIMESTAMP SVFOP_CURRENT_TIMESTAMP_N',
  'SVFOP_LOCALTIME SVFOP_LOCALTIME_N SVFOP_LOCALTIMESTAMP SVFOP_LOCALTIMESTAMP_N',
)
