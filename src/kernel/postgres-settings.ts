/** The embedded PostgreSQL's `postgresql.conf`, written anew at each start; an operator's `alter system` still wins over it. */

export type PostgresSizing = {
  /** Memory of the machine, bytes: a share of it becomes PostgreSQL's. */
  memoryBytes: number;
  /** False only in tests: nothing survives a power cut then. */
  durable: boolean;
};

const megabyte = 1024 * 1024;

/** The text of `postgresql.conf` for a cluster that answers on a Unix socket in `socketFolder` and nowhere else. */
export function postgresSettings(socketFolder: string, logFolder: string, sizing: PostgresSizing): string {
  const settings = { ...reach(socketFolder, logFolder), ...memory(sizing.memoryBytes), ...writing, ...planning };
  const all = sizing.durable ? settings : { ...settings, ...careless };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by Fyr at each start. To change a setting: alter system set …\n${lines.join('\n')}\n`;
}

function reach(socketFolder: string, logFolder: string): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '100',
    logging_collector: 'on',
    log_directory: logFolder,
    // A ring of seven files, one a weekday: the log never fills the disk.
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    // Statements can hold what belongs to a patient; the log must not.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
}

function memory(bytes: number): Record<string, string> {
  const share = (part: number, least: number, most: number): string =>
    `${Math.round(Math.min(Math.max(bytes * part, least * megabyte), most * megabyte) / megabyte)}MB`;
  return {
    shared_buffers: share(1 / 8, 64, 4096),
    effective_cache_size: share(1 / 2, 256, 65_536),
    maintenance_work_mem: share(1 / 64, 32, 512),
    work_mem: '16MB',
    wal_buffers: '16MB',
    dynamic_shared_memory_type: 'mmap',
  };
}

/** An acknowledged write is durable (synchronous_commit); checkpoints are rare and spread, so that writes stay even. */
const writing: Record<string, string> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.05',
};

/** Many short statements on solid-state disks: no just-in-time compiling, no parallel workers for one caller. */
const planning: Record<string, string> = {
  jit: 'off',
  random_page_cost: '1.1',
  effective_io_concurrency: '64',
  max_parallel_workers_per_gather: '0',
};

const careless: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '1GB',
  shared_buffers: '128MB',
};
