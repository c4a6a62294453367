//! What a process has cost so far, as `/proc` tells it (proc(5)).

use std::io;

/// Clock ticks a second in `/proc/<pid>/stat`: the same on every Linux that is in use.
const TICKS: f64 = 100.0;

/// Processor time and memory.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Seconds of user and system time, all threads.
    pub cpu_s: f64,
    /// Resident memory now, MiB.
    pub resident_mib: f64,
    /// The most there was of it, MiB.
    pub peak_mib: f64,
}

/// The cost of a running process.
pub fn cost_of(pid: u32) -> io::Result<Cost> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let missing = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    Ok(Cost {
        cpu_s: cpu_seconds(&stat).ok_or_else(|| missing("/proc/<pid>/stat has no times"))?,
        resident_mib: mebibytes(&status, "VmRSS:")
            .ok_or_else(|| missing("/proc/<pid>/status has no VmRSS"))?,
        peak_mib: mebibytes(&status, "VmHWM:")
            .ok_or_else(|| missing("/proc/<pid>/status has no VmHWM"))?,
    })
}

/// Fields 14 and 15. The second field, the name in brackets, may hold spaces.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

fn mebibytes(status: &str, key: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_memory_are_read() {
        let stat = "12 (a b) c) S 1 12 12 0 -1 4194560 5 0 0 0 150 50 0 0 20 0 3 0 99 1 2";
        assert_eq!(cpu_seconds(stat), Some(2.0));
        let status = "Name:\tx\nVmHWM:\t    4096 kB\nVmRSS:\t    2048 kB\n";
        assert_eq!(mebibytes(status, "VmRSS:"), Some(2.0));
        assert_eq!(mebibytes(status, "VmHWM:"), Some(4.0));
        assert_eq!(mebibytes(status, "VmSwap:"), None);
    }
}
