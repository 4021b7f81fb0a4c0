import type { Route } from 'next'
import Link from 'next/link'
import type { ComponentProps } from 'react'

interface AppLinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  href: string
  prefetch?: boolean
  scroll?: boolean
  replace?: boolean
}

/** A link whose address is data. Components know no routes, so the page vouches for what it passes. */
export function AppLink({ href, prefetch = false, ...props }: AppLinkProps) {
  return <Link href={href as Route} prefetch={prefetch} {...props} />
}
