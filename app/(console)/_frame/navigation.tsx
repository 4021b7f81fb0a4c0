import {
  Activity,
  ArrowUpDown,
  ChartLine,
  Database,
  HeartPulse,
  Layers,
  ListChecks,
  Play,
  Rows3,
  Server,
  ToggleRight,
} from 'lucide-react'
import type { NavItem, NavSection } from '@/components/shell/shell-props'
import type { Count, ShellData } from '@/lib/console/areas/shell/views/shell'

const SIZE = { size: 15, strokeWidth: 1.75, 'aria-hidden': true } as const

/** The pages of an environment, with what is wrong behind each. */
export function navigation(environment: string, counts: ShellData['counts']): NavSection[] {
  const href = (page: string) => `/${environment}/${page}`
  return [
    {
      items: [
        {
          id: 'overview',
          label: 'Overview',
          href: href('overview'),
          icon: <Activity {...SIZE} />,
          shortcut: 'o',
          onPhone: true,
        },
        {
          id: 'services',
          label: 'Services',
          href: href('services'),
          icon: <Server {...SIZE} />,
          shortcut: 's',
          onPhone: true,
          count: wrong(counts.services, 'lost or late'),
        },
        {
          id: 'health',
          label: 'Health',
          href: href('health'),
          icon: <HeartPulse {...SIZE} />,
          shortcut: 'h',
          onPhone: true,
          count: wrong(counts.health, 'in trouble'),
        },
        { id: 'metrics', label: 'Metrics', href: href('metrics'), icon: <ChartLine {...SIZE} />, shortcut: 'm' },
        { id: 'redis', label: 'Redis', href: href('redis'), icon: <Database {...SIZE} />, shortcut: 'd' },
      ],
    },
    {
      label: 'Operate',
      items: [
        {
          id: 'breakers',
          label: 'Breakers',
          href: href('breakers'),
          icon: <ToggleRight {...SIZE} />,
          shortcut: 'b',
          onPhone: true,
          count: wrong(counts.breakers, 'not closed'),
        },
        {
          id: 'caches',
          label: 'Caches',
          href: href('caches'),
          icon: <Layers {...SIZE} />,
          shortcut: 'c',
          count: wrong(counts.caches, 'degraded'),
        },
        {
          id: 'queues',
          label: 'Queues',
          href: href('queues'),
          icon: <Rows3 {...SIZE} />,
          shortcut: 'q',
          count: wrong(counts.queues, 'in trouble'),
        },
        {
          id: 'migrations',
          label: 'Migrations',
          href: href('migrations'),
          icon: <ArrowUpDown {...SIZE} />,
          shortcut: 'i',
          count: wrong(counts.migrations, 'to look at'),
        },
      ],
    },
    {
      label: 'Account for',
      items: [
        {
          id: 'running',
          label: 'Running',
          href: href('running'),
          icon: <Play {...SIZE} />,
          shortcut: 'r',
          count: counts.running ? { value: counts.running, status: 'neutral', label: 'under way' } : undefined,
        },
        { id: 'audit', label: 'Audit', href: href('audit'), icon: <ListChecks {...SIZE} />, shortcut: 'a' },
      ],
    },
  ]
}

function wrong(count: Count | null, words: string): NavItem['count'] {
  if (count === null) return undefined
  if (count.bad > 0) return { value: count.bad + count.warning, status: 'bad', label: words }
  return count.warning > 0 ? { value: count.warning, status: 'warning', label: words } : undefined
}
