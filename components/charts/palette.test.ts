import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HUES, isBadNow, lineStyle, PERCENTILE_HUES } from './palette'

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8')
type Theme = 'light' | 'dark'

function token(name: string, theme: Theme): Rgb {
  const [, light, dark] = css.match(new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`)) ?? []
  const hex = theme === 'light' ? light : dark
  if (!hex) throw new Error(`globals.css has no --${name}`)
  return [1, 3, 5].map(start => linear(Number.parseInt(hex.slice(start, start + 2), 16) / 255)) as Rgb
}

type Rgb = [number, number, number]
const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)

function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [a, b]
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

/** What is left of a colour without one kind of cone, in linear RGB: Machado, Oliveira and Fernandes 2009, severity 1. */
const EYES: Record<string, Rgb[]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function product(rows: readonly Rgb[], [a, b, c]: Rgb): Rgb {
  return rows.map(([x, y, z]) => x * a + y * b + z * c) as Rgb
}

/** Distance as it is perceived: Euclid's in OKLab. https://bottosson.github.io/posts/oklab/ */
function distance(a: Rgb, b: Rgb): number {
  const [one, other] = [oklab(a), oklab(b)]
  return Math.hypot(...one.map((part, index) => part - (other[index] ?? 0)))
}

function oklab(color: Rgb): Rgb {
  const shown = color.map(part => Math.min(1, Math.max(0, part))) as Rgb
  const cones = product(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    shown,
  ).map(Math.cbrt) as Rgb
  return product(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  )
}

const themes: Theme[] = ['light', 'dark']
const cases = themes.flatMap(theme => Object.keys(EYES).map(eye => [eye, theme] as const))

test.each(cases)('a %s distinguishes the lines of a chart by hue alone, in the %s theme', (eye, theme) => {
  const seen = [...HUES.map(hue => `series-${hue}`), 'bad'].map(name => product(EYES[eye] as Rgb[], token(name, theme)))
  for (const [index, color] of seen.entries())
    for (const [other, next] of seen.entries()) {
      if (other <= index) continue
      // Percentiles are three: those must be further apart than what is rarely drawn together.
      expect(distance(color, next), `${index + 1} and ${other + 1}`).toBeGreaterThan(other < 4 ? 0.12 : 0.08)
    }
})

test.each(themes)('every line stands out from the panel in the %s theme (WCAG 1.4.11)', theme => {
  for (const hue of HUES) expect(contrast(token(`series-${hue}`, theme), token('panel', theme))).toBeGreaterThan(3)
})

test('dashes distinguish them without any hue', () => {
  expect(new Set(HUES.map(hue => lineStyle({ hue }).dash)).size).toBe(HUES.length)
  const percentiles = Object.values(PERCENTILE_HUES).map(hue => lineStyle({ hue }))
  expect(new Set(percentiles.map(({ stroke }) => stroke)).size).toBe(3)
})

test('no errors are no alarm: the line is quiet, and only what is above zero is bad', () => {
  const errors = { id: 'errors', label: 'errors', bad: true }
  expect(lineStyle({ ...errors }).stroke).not.toContain('bad')
  expect(isBadNow({ ...errors, values: [0, null, 0] })).toBe(false)
  expect(isBadNow({ ...errors, values: [0, 0.1] })).toBe(true)
  expect(isBadNow({ ...errors, bad: undefined, values: [4] })).toBe(false)
})
