import { handOver, installDependencies } from './prepare.mjs'

installDependencies('everything')
handOver('scripts/build-package.ts')
