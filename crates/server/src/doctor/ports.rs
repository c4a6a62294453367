//! Whether the ports are free, and who holds one that is not (Linux: `/proc`).

use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;

use super::Check;
use crate::settings::Settings;

/// One check for each port that the settings open; those of port 0 are always free and left out.
pub(super) fn check(settings: &Settings) -> Vec<Check> {
    let mut ports = vec![
        ("https.port", settings.https_port),
        ("http.port", settings.http_port),
        ("xmpp.port", settings.xmpp_port),
    ];
    if settings.legacy_listeners {
        ports.extend([
            ("bosh.secure_port", settings.bosh_secure_port),
            ("bosh.port", settings.bosh_port),
            ("xmpp.secure_port", settings.xmpp_secure_port),
        ]);
    }
    if settings.standard_ports {
        ports.extend([("listen.standard", 443), ("listen.standard", 80)]);
    }
    if settings.cti.host.is_none() {
        ports.push(("cti.port", settings.cti.port));
    }
    if !settings.takes_plain() {
        ports.retain(|(key, port)| {
            !matches!((*key, *port), ("http.port" | "bosh.port", _) | (_, 80))
        });
    }
    ports
        .into_iter()
        .filter(|(_, port)| *port != 0)
        .map(|(key, port)| one(settings, key, port))
        .collect()
}

fn one(settings: &Settings, key: &str, port: u16) -> Check {
    let name = format!("port {port} ({key})");
    let address = settings.address;
    let Err(error) = TcpListener::bind((address, port)) else {
        return Check::ok(name, format!("free on {address}"));
    };
    match error.kind() {
        ErrorKind::AddrInUse => match holder(port) {
            Some(holder) if holder.command == "tact" => Check::ok(
                name,
                format!("held by a running tact (process {})", holder.process),
            ),
            Some(holder) => Check::fail(
                name,
                format!("held by {} (process {})", holder.command, holder.process),
                format!("stop that program, or choose another port: --set {key}=..."),
            ),
            None => Check::fail(
                name,
                "held by a program of another user",
                format!("find it with `ss -ltnp`, or choose another port: --set {key}=..."),
            ),
        },
        ErrorKind::PermissionDenied => Check::fail(
            name,
            "this user may not open it",
            "ports below 1024 need CAP_NET_BIND_SERVICE; choose a higher one otherwise",
        ),
        ErrorKind::AddrNotAvailable => Check::fail(
            name,
            format!("{address} is no address of this machine"),
            "set listen.address to one of `ip address`, or to 0.0.0.0 for all",
        ),
        _ => Check::fail(
            name,
            format!("cannot be opened: {error}"),
            "see the message",
        ),
    }
}

struct Holder {
    process: u32,
    command: String,
}

/// The process that listens on `port`, when we may see it.
fn holder(port: u16) -> Option<Holder> {
    let inodes: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listeners(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Some(id) = process.file_name().to_str().and_then(|n| n.parse().ok()) else {
            continue;
        };
        let Ok(files) = fs::read_dir(process.path().join("fd")) else {
            continue;
        };
        let holds = files
            .flatten()
            .filter_map(|file| fs::read_link(file.path()).ok())
            .any(|target| {
                inodes
                    .iter()
                    .any(|inode| target.as_os_str() == inode.as_str())
            });
        if holds {
            let command = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(Holder {
                process: id,
                command: command.trim().to_owned(),
            });
        }
    }
    None
}

/// The inodes of the sockets that listen on `port`, in a table such as `/proc/net/tcp`.
fn listeners(table: &str, port: u16) -> Vec<String> {
    /// State LISTEN.
    const LISTEN: &str = "0A";
    let end = format!(":{port:04X}");
    table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split_whitespace();
            let local = columns.nth(1)?;
            let state = columns.nth(1)?;
            let inode = columns.nth(5)?;
            (local.ends_with(&end) && state == LISTEN).then(|| inode.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Verdict;
    use super::*;

    #[test]
    fn listening_sockets_are_found_by_port() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:20FD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0\n\
             1: 0100007F:20FD 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0\n";
        assert_eq!(listeners(table, 8445), ["4711"]);
        assert!(listeners(table, 8446).is_empty());
    }

    #[test]
    fn a_held_port_names_its_holder_and_a_free_one_is_free() {
        // An address of its own, so that no other test takes the port once it is free.
        let held = TcpListener::bind("127.0.0.7:0").unwrap();
        let port = held.local_addr().unwrap().port();
        let mut settings = Settings::defaults(Path::new("data"));
        settings.address = "127.0.0.7".parse().unwrap();
        let found = one(&settings, "http.port", port);
        assert_eq!(found.verdict, Verdict::Fail);
        if cfg!(target_os = "linux") {
            let us = format!("(process {})", std::process::id());
            assert!(found.detail.contains(&us), "{}", found.detail);
        }
        drop(held);
        assert_eq!(one(&settings, "http.port", port).verdict, Verdict::Ok);
    }

    #[test]
    fn a_foreign_address_fails() {
        let mut settings = Settings::defaults(Path::new("data"));
        // TEST-NET-1 (RFC 5737) belongs to nobody.
        settings.address = "192.0.2.1".parse().unwrap();
        let found = one(&settings, "http.port", 18_082);
        assert_eq!(found.verdict, Verdict::Fail);
        assert!(found.detail.contains("no address of this machine"));
    }

    #[test]
    fn free_ports_are_not_checked() {
        let mut settings = Settings::defaults(Path::new("data"));
        settings.http_port = 0;
        assert!(
            check(&settings)
                .iter()
                .all(|check| !check.name.contains("http.port"))
        );
    }
}
