import { EmptyState } from '@/components/ui/empty-state'

export function NotAllowed() {
  return (
    <EmptyState title="Browsing rows needs the admin role">
      Rows are whatever the service keeps, personal data included. Ask someone with that role, or an administrator for
      the role. Sizes and indexes of tables are under Tables.
    </EmptyState>
  )
}
