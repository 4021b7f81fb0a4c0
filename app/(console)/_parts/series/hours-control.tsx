import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import { SegmentedControl } from '@/components/ui/segmented-control'

const HOURS = [
  { value: '1', label: '1 h' },
  { value: '6', label: '6 h' },
  { value: '24', label: '1 day' },
  { value: '48', label: '2 days' },
] as const
type Hours = (typeof HOURS)[number]['value']

/** How far back is looked; an hour when the address says nothing that is understood. */
export const hoursOf = (asked: string | undefined): Hours => HOURS.find(({ value }) => value === asked)?.value ?? '1'

export function HoursControl({ hours, url }: { hours: Hours; url: UrlFilters }) {
  return (
    <SegmentedControl
      label="How far back"
      value={hours}
      segments={HOURS}
      onChange={value => url.set({ hours: value === '1' ? undefined : value })}
    />
  )
}
