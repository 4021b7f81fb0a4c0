import { defineArea } from '../../platform/area/define.ts'
import { nameGroup, placeOf } from '../../platform/area/names.ts'
import { ofProviders } from './attention.ts'
import { forceProvider } from './operations/force.ts'
import { releaseProvider } from './operations/release.ts'
import { testProvider } from './operations/test.ts'
import { readProviderSets } from './sets.ts'
import { providerSetView } from './views/provider-set.ts'
import { providersView } from './views/providers.ts'

export const providersArea = defineArea({
  id: 'providers',
  title: 'Providers',
  page: { group: 'operate', icon: 'split', shortcut: 'v', counts: 'needing attention' },
  permissions: { 'provider:read': 'viewer', 'provider:force': 'operator', 'provider:test': 'operator' },
  topics: { providers: 'provider:read' },
  views: [providersView, providerSetView],
  operations: [forceProvider, releaseProvider, testProvider],
  async attention({ environment }) {
    const part = await readProviderSets(environment)
    return { items: part.status === 'down' ? [] : ofProviders(part.data), known: part.status !== 'down' }
  },
  async names({ environment }, query) {
    const part = await readProviderSets(environment)
    const items = (part.status === 'down' ? [] : part.data).map(({ name, providers }) => ({
      id: `providers-${name}`,
      label: name,
      detail: providers.map(provider => provider.name).join(', '),
      href: placeOf('providers', { set: name }),
    }))
    return [nameGroup('providers', 'Providers', query, items, 'provider set')]
  },
})
