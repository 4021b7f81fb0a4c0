/** Names on the page whose room changes. One observer for all of them: a list may hold hundreds. */
let observer: ResizeObserver | undefined

/** Marks an element `data-cut` while its first child needs more room than the element has. Returns how to stop. */
export function watchCut(element: HTMLElement): () => void {
  observer ??= new ResizeObserver(entries => {
    // All are measured before any is marked: a mark changes the layout.
    const cut = entries.map(({ target }) => isCut(target))
    entries.forEach(({ target }, index) => {
      target.toggleAttribute('data-cut', cut[index])
    })
  })
  observer.observe(element)
  return () => observer?.unobserve(element)
}

function isCut({ firstElementChild, clientWidth }: Element): boolean {
  return firstElementChild !== null && firstElementChild.scrollWidth > clientWidth
}
