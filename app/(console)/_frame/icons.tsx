import {
  Activity,
  ArrowUpDown,
  CalendarClock,
  ChartLine,
  Cylinder,
  Database,
  HeartPulse,
  Layers,
  ListChecks,
  type LucideIcon,
  Mail,
  MailX,
  Play,
  Radio,
  Rows3,
  Server,
  Split,
  Square,
  ToggleRight,
  Waypoints,
} from 'lucide-react'
import type { ReactNode } from 'react'

/** What areas may name; each costs the page its drawing. */
const ICONS: Record<string, LucideIcon> = {
  activity: Activity,
  'arrow-up-down': ArrowUpDown,
  'calendar-clock': CalendarClock,
  'chart-line': ChartLine,
  cylinder: Cylinder,
  database: Database,
  'heart-pulse': HeartPulse,
  layers: Layers,
  'list-checks': ListChecks,
  mail: Mail,
  'mail-x': MailX,
  play: Play,
  radio: Radio,
  rows: Rows3,
  server: Server,
  split: Split,
  'toggle-right': ToggleRight,
  waypoints: Waypoints,
}

/** The icon of a page in the navigation. */
export function pageIcon(name: string): ReactNode {
  const Icon = ICONS[name] ?? Square
  return <Icon size={15} strokeWidth={1.75} aria-hidden />
}
