import { HIDDEN, SECRET_KEY } from '../../../../infrastructure/logging/index.ts'

/*
 * What is secret by its name or shape is hidden where rows are shown. A query computes with values before they are shown, so it is given them with
 * the same already hidden: these are conditions of SQL that hold at least wherever a value would be masked.
 */

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Not preceded by a letter or digit: `\b` of a regular expression, without letters of other languages. */
const START = '(?<![A-Za-z0-9_])'

/** The shapes that maskText knows; checksums are left out, so that more is hidden. */
const SHAPES = [
  // Cards: no issuer's number begins with 1, as times in milliseconds do.
  '(?<![A-Za-z0-9_.-])(?:[245](?:[ -]?[0-9]){12,18}|3(?:[ -]?[0-9]){13,15}|6(?:[ -]?[0-9]){15})(?![A-Za-z0-9_-])',
  // IBANs.
  `${START}[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}`,
  `${START}eyJ[A-Za-z0-9_-]{8,}[.]eyJ`,
  '-----BEGIN [A-Z ]*PRIVATE KEY',
  `${START}(?:AKIA|ASIA)[A-Z0-9]{16}`,
  `${START}(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{16,}`,
  `${START}sk-[A-Za-z0-9_-]{20,}`,
  `${START}(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_|xox[abeoprs]-[A-Za-z0-9_-]{10,}|AIza[A-Za-z0-9_-]{35})`,
  `${START}(?:SG[.][A-Za-z0-9_-]{16,}[.]|npm_[A-Za-z0-9]{36})`,
].join('|')

/** Passwords of URLs, bearer tokens, `password=…`; in any case of letters. */
const NAMED = [
  '[a-z][a-z0-9+.-]*://[^[:space:]/]*:[^[:space:]/]*@',
  'bearer[[:space:]]+[A-Za-z0-9_.~+/=-]{16,}',
  '(?:password|passwd|secret|token|api_?key|access_?key)=',
].join('|')

const hasShape = (text: string) => `(${text} ~ ${literal(SHAPES)} or ${text} ~* ${literal(NAMED)})`

const SECRETS = SECRET_KEY.source.split('|')

/** The same names, each followed by the end of the key, in a text without all but letters, quotes and colons. */
const KEY_IN_TEXT = SECRETS.map(name => {
  const word = name.replace(/[\^$]|\\d\?/g, '')
  return name.startsWith('^') ? `"${word}":` : `${word}[a-z]*":`
}).join('|')

/** A text that is JSON is examined by its keys where it is shown. One with escapes could hide the name of a key. */
const hasSecretKey = (text: string) =>
  `(${text} ~ ${literal('^\\s*(\\{|\\[\\s*[[{"0-9\\]])')} and (position(${literal('\\')} in ${text}) > 0 or regexp_replace(lower(${text}), '[^a-z":]', '', 'g') ~ ${literal(KEY_IN_TEXT)}))`

/** The text, or `[secret]`. */
export function guardedText(text: string): string {
  return `case when ${hasShape(text)} or ${hasSecretKey(text)} then ${literal(HIDDEN)} else ${text} end`
}

/** The JSON, or one of its kind that says `[secret]` where any key or value in it is one: what is picked out of it later has no name any more. */
export function guardedJson(json: string): string {
  const hidden = literal(HIDDEN)
  const key = `regexp_replace(lower(e->>'key'), '[^a-z]', '', 'g')`
  const kind = `jsonb_typeof(e->'value')`
  return `case when ${hasShape(`${json}::text`)} or exists (
    select from jsonb_path_query(${json}, 'strict $.** ? (@.type() == "object").keyvalue()') e
    where ${key} ~ ${literal(SECRETS.join('|'))} and ${kind} not in ('boolean', 'null') and not (${kind} = 'number' and ${key} like '%token%'))
    then case jsonb_typeof(${json}) when 'object' then jsonb_build_object(${hidden}, ${hidden}) when 'array' then jsonb_build_array(${hidden})
      else to_jsonb(${hidden}::text) end else ${json} end`
}
