'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'

export interface MenuItem {
  id: string
  label: ReactNode
  icon?: ReactNode
  /** Quieter, at the end of the line. */
  detail?: ReactNode
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
}

export interface MenuButtonProps {
  /** What the button shows. */
  children: ReactNode
  /** The button's whole look: buttonVariants(), or its own. */
  className: string
  /** Its name, where the children are only an icon. */
  label?: string
  items: readonly MenuItem[]
  /** Above the items. */
  header?: ReactNode
  align?: 'start' | 'end'
}

const loadMenu = () => import('@/components/ui/open-menu')

/** A button with a menu. The menu's machinery, heavier than the page around it, comes when someone reaches for it. */
export function MenuButton(props: MenuButtonProps) {
  const [wanted, setWanted] = useState(false)
  if (wanted) return <OpenMenu {...props} />
  return (
    <button
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      aria-label={props.label}
      className={props.className}
      onPointerEnter={loadMenu}
      onFocus={loadMenu}
      onClick={() => setWanted(true)}
      onKeyDown={event => {
        if (event.key !== 'ArrowDown') return
        event.preventDefault()
        setWanted(true)
      }}
    >
      {props.children}
    </button>
  )
}

const OpenMenu = dynamic(() => loadMenu().then(module => module.OpenMenu), { ssr: false })
