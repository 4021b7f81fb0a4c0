export * from '@/lib/core/time-format'
