// Keeps one page for when the console cannot be reached, and nothing else: no view, no answer, nothing of the fleet.
const CACHE = 'substation-offline-1'
const PAGE = '/offline.html'

self.addEventListener('install', event => {
  const request = new Request(PAGE, { cache: 'reload' })
  event.waitUntil(caches.open(CACHE).then(cache => cache.add(request)))
  self.skipWaiting()
})

self.addEventListener('activate', event => {
  const old = caches
    .keys()
    .then(names => Promise.all(names.filter(name => name !== CACHE).map(name => caches.delete(name))))
  event.waitUntil(Promise.all([old, self.clients.claim()]))
})

self.addEventListener('fetch', event => {
  if (event.request.mode !== 'navigate') return
  event.respondWith(
    fetch(event.request).catch(async error => {
      const page = await caches.match(PAGE)
      if (page) return page
      throw error
    }),
  )
})
