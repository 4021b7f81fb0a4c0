import { Download } from 'lucide-react'
import { Button } from '@/components/ui/button'

const EXPORTED = ['q', 'operation', 'actor', 'from', 'to'] as const
const FORMATS = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
] as const

/** Every line behind the acts that the filters let through, as a file. */
export function ExportLinks({
  environment,
  filters,
}: {
  environment: string
  filters: Record<string, string | undefined>
}) {
  const query = EXPORTED.flatMap(name => (filters[name] ? [[name, filters[name]] as [string, string]] : []))
  return FORMATS.map(([format, label]) => (
    <Button key={format} asChild>
      <a download href={`/api/v1/${environment}/audit/export?${new URLSearchParams([['format', format], ...query])}`}>
        <Download aria-hidden />
        <span className="sr-only">Export as </span>
        {label}
      </a>
    </Button>
  ))
}
