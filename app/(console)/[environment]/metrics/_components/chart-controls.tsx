'use client'

import type { UrlFilters } from '@/app/(console)/_parts/filters/url-filters'
import type { ScaleKind } from '@/components/charts/chart-series'
import { Button } from '@/components/ui/button'
import { SegmentedControl } from '@/components/ui/segmented-control'

export const scaleOf = (url: UrlFilters): ScaleKind => (url.get('scale') === 'log' ? 'log' : 'linear')
export const drawsEvents = (url: UrlFilters) => url.get('events') === 'drawn'

/** How charts are drawn; in the address, so that a link shows the same. */
export function ChartControls({ url }: { url: UrlFilters }) {
  const drawn = drawsEvents(url)
  return (
    <>
      <Button
        variant="quiet"
        aria-pressed={drawn}
        title="Draws a line through every chart where something happened"
        onClick={() => url.set({ events: drawn ? undefined : 'drawn' })}
        className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-ink"
      >
        Event lines
      </Button>
      <ScaleControl url={url} />
    </>
  )
}

export function ScaleControl({ url }: { url: UrlFilters }) {
  return (
    <SegmentedControl<ScaleKind>
      label="Scale"
      value={scaleOf(url)}
      segments={[
        { value: 'linear', label: 'Linear' },
        { value: 'log', label: 'Log' },
      ]}
      onChange={scale => url.set({ scale: scale === 'log' ? 'log' : undefined })}
    />
  )
}
