import type { MetricFamily } from './port.ts'

/** Content type of `renderFamilies`. */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics in Prometheus's text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function renderFamilies(families: readonly MetricFamily[]): string {
  return families.map(family => `${renderFamily(family)}\n`).join('')
}

function renderFamily(family: MetricFamily): string {
  const { name, kind } = family
  const lines = [`# HELP ${name} ${escapeHelp(family.help)}`, `# TYPE ${name} ${kind}`]
  switch (family.kind) {
    case 'counter':
    case 'gauge':
      for (const { labels, value } of family.series) lines.push(sample(name, labels, value))
      break
    case 'histogram':
      for (const { labels, buckets, sum, count } of family.series) {
        for (const [bound, at] of buckets) lines.push(sample(`${name}_bucket`, { le: number(bound), ...labels }, at))
        lines.push(sample(`${name}_bucket`, { le: '+Inf', ...labels }, count))
        lines.push(sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count))
      }
      break
    case 'summary':
      for (const { labels, quantiles, sum, count } of family.series) {
        for (const [quantile, at] of quantiles) lines.push(sample(name, { quantile: number(quantile), ...labels }, at))
        lines.push(sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, count))
      }
  }
  return `${lines.join('\n')}\n`
}

function sample(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number(value)}`
}

function number(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
