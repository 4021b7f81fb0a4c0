import { type ClassValue, clsx } from 'clsx'

/**
 * Joins class names. It does not settle quarrels between them (tailwind-merge would, for 8 KB on every page): a component that lets a
 * property be chosen has a prop for it.
 */
export function cn(...classes: ClassValue[]) {
  return clsx(classes)
}
