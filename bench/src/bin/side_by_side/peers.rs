//! The servers: each a process of its own with a folder of its own, with the same users.

use std::ffi::OsStr;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tact_bench::server::Server;

/// Ports and domain of the peers' configurations in `bench/peers/`.
const PEER_HTTP: &str = "127.0.0.1:25280";
const PEER_XMPP: &str = "127.0.0.1:25222";
const PEER_DOMAIN: &str = "bench.local";
const EJABBERD_CONFIGURATION: &str = include_str!("../../../peers/ejabberd.yml");
const PROSODY_CONFIGURATION: &str = include_str!("../../../peers/prosody.cfg.lua");
/// Publishers; the configurations of the peers know so many.
const PUBLISHERS: usize = 8;
/// How long a server may take to start on a busy machine, and to stop.
const PATIENCE: Duration = Duration::from_secs(180);

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This one.
    Tact,
    /// ejabberd.
    Ejabberd,
    /// Prosody.
    Prosody,
}

impl Kind {
    /// All, in the order in which they take turns.
    pub(crate) const ALL: [Kind; 3] = [Kind::Ejabberd, Kind::Prosody, Kind::Tact];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Tact => "tact",
            Kind::Ejabberd => "ejabberd",
            Kind::Prosody => "prosody",
        }
    }

    /// The server with this name.
    pub(crate) fn named(name: &str) -> Result<Kind> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.with_context(|| format!("{name} is none of tact, ejabberd, prosody"))
    }

    /// What is missing on this machine.
    pub(crate) fn missing(self) -> Option<String> {
        let needed = match self {
            Kind::Tact => return None,
            Kind::Ejabberd => ["/usr/sbin/ejabberdctl", "/usr/bin/erl"].as_slice(),
            Kind::Prosody => ["/usr/bin/prosody"].as_slice(),
        };
        let missing = needed.iter().find(|path| !Path::new(path).exists())?;
        Some(format!("there is no {missing} (scripts/setup.sh bench)"))
    }

    /// Whether nodes are made and subscribed to beforehand.
    pub(crate) fn wants_nodes(self) -> bool {
        self != Kind::Tact
    }
}

enum Process {
    Tact(Server),
    Other(Child),
}

/// A running server. Dropped before it was stopped, it is killed.
pub(crate) struct Peer {
    process: Option<Process>,
    /// Base URL of BOSH and WebSocket.
    pub(crate) url: String,
    /// XMPP over TCP.
    pub(crate) xmpp: String,
    /// The domain, where it has to be told.
    pub(crate) domain: Option<&'static str>,
}

impl Peer {
    /// Starts it in this folder, with agents 2001 and up, and waits until it listens.
    pub(crate) fn start(kind: Kind, binary: &Path, folder: &Path, agents: usize) -> Result<Peer> {
        let child = match kind {
            Kind::Tact => return tact(binary, folder, agents),
            Kind::Ejabberd => ejabberd(folder, agents)?,
            Kind::Prosody => prosody(folder, agents)?,
        };
        let mut peer = Peer {
            process: Some(Process::Other(child)),
            url: format!("http://{PEER_HTTP}"),
            xmpp: PEER_XMPP.into(),
            domain: Some(PEER_DOMAIN),
        };
        peer.wait_until_it_listens(folder)?;
        Ok(peer)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        match &self.process {
            Some(Process::Tact(server)) => server.pid(),
            Some(Process::Other(child)) => child.id(),
            None => 0,
        }
    }

    /// SIGTERM, then the end.
    pub(crate) fn stop(mut self) -> Result<()> {
        match self.process.take() {
            Some(Process::Tact(server)) => server.stop(),
            Some(Process::Other(mut child)) => {
                Command::new("kill").arg(child.id().to_string()).status()?;
                let start = Instant::now();
                while child.try_wait()?.is_none() {
                    if start.elapsed() > PATIENCE {
                        child.kill()?;
                    }
                    std::thread::sleep(Duration::from_millis(50));
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn wait_until_it_listens(&mut self, folder: &Path) -> Result<()> {
        let start = Instant::now();
        loop {
            let registered = folder.join("registered").exists();
            if registered && listens(PEER_HTTP) && listens(PEER_XMPP) {
                return Ok(());
            }
            let ended = match &mut self.process {
                Some(Process::Other(child)) => child.try_wait()?,
                _ => None,
            };
            if ended.is_some() || start.elapsed() > PATIENCE {
                let said = std::fs::read_to_string(folder.join("output")).unwrap_or_default();
                bail!("it does not listen: {}", said.trim());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(Process::Other(child)) = &mut self.process {
            // Failures mean that it has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn listens(address: &str) -> bool {
    TcpStream::connect(address).is_ok()
}

/// Agents from 2001 on, without the demo centre's supervisor, then the publishers: the names that `tact load` uses.
fn users(agents: usize) -> impl Iterator<Item = String> {
    let agents = (2001..).filter(|id| *id != 2100).take(agents);
    let agents = agents.map(|id: u32| id.to_string());
    agents.chain((0..PUBLISHERS).map(|number| format!("pub{number}")))
}

fn tact(binary: &Path, folder: &Path, agents: usize) -> Result<Peer> {
    let publishers: Vec<_> = (0..PUBLISHERS).map(|n| format!("pub{n}:pub{n}")).collect();
    let settings = [
        // The supervisor and one to spare.
        format!("demo.agents={}", agents + 2),
        format!("xmpp.publishers={}", publishers.join(",")),
    ];
    let server = Server::start(binary, &folder.join("data"), &settings)?;
    Ok(Peer {
        url: server.url()?,
        xmpp: server.address("xmpp.port")?.to_owned(),
        process: Some(Process::Tact(server)),
        domain: None,
    })
}

/// Without Erlang's distribution; its users are registered in its own process at the first start.
fn ejabberd(folder: &Path, agents: usize) -> Result<Child> {
    let configuration = folder.join("ejabberd.yml");
    std::fs::write(&configuration, EJABBERD_CONFIGURATION)?;
    // Names are looked up in files only: ejabberd asks for the machine's own and would wait for DNS.
    let names = folder.join("inetrc");
    std::fs::write(&names, "{lookup,[\"file\",\"native\"]}.\n")?;
    let users: Vec<_> = users(agents)
        .map(|user| format!("<<\"{user}\">>"))
        .collect();
    let registered = folder.join("registered");
    let register = format!(
        "application:ensure_all_started(ejabberd), [ejabberd_auth:try_register(U, <<\"{PEER_DOMAIN}\">>, U) || U <- \
         [{}]], file:write_file(\"{}\", <<>>).",
        users.join(","),
        registered.display()
    );
    let register = match registered.exists() {
        true => format!(
            "application:ensure_all_started(ejabberd), file:write_file(\"{}\", <<>>).",
            registered.display()
        ),
        false => register,
    };
    spawn(
        Command::new("erl")
            .args([
                "+K", "true", "+P", "1000000", "+Q", "19000", "+S", "2", "-noinput",
            ])
            .args(["-mnesia", "dir"])
            .arg(format!("\"{}\"", folder.join("db").display()))
            .args(["-s", "ejabberd", "-eval", &register])
            .env("ERL_LIBS", erlang_libraries()?)
            .env("ERL_INETRC", names)
            .env("ERL_CRASH_DUMP", folder.join("crash"))
            .env("EJABBERD_CONFIG_PATH", configuration)
            .env("EJABBERD_LOG_PATH", folder.join("ejabberd.log"))
            .env("HOME", folder),
        folder,
    )
}

/// Where Debian has ejabberd's code, as its own script says.
fn erlang_libraries() -> Result<String> {
    let script = std::fs::read_to_string("/usr/sbin/ejabberdctl")?;
    let libraries = script
        .lines()
        .find_map(|line| line.strip_prefix("ERL_LIBS="));
    let libraries = libraries.context("ejabberdctl does not say where its code is")?;
    Ok(libraries.trim_matches(['\'', '"']).to_owned())
}

/// Its users are files. It refuses to run as root, so root lends it the user that its package made.
fn prosody(folder: &Path, agents: usize) -> Result<Child> {
    let configuration = folder.join("prosody.cfg.lua");
    std::fs::write(&configuration, PROSODY_CONFIGURATION)?;
    let accounts = folder.join("data/bench%2elocal/accounts");
    let registered = folder.join("registered");
    if !registered.exists() {
        std::fs::create_dir_all(&accounts)?;
        std::fs::create_dir_all(folder.join("certs"))?;
        for user in users(agents) {
            let account = format!("return {{ [\"password\"] = \"{user}\"; }};\n");
            std::fs::write(accounts.join(format!("{user}.dat")), account)?;
        }
        std::fs::write(&registered, "")?;
    }
    let arguments = [
        OsStr::new("-F"),
        OsStr::new("--config"),
        configuration.as_os_str(),
    ];
    let mut command = Command::new("prosody");
    if std::fs::metadata("/proc/self")?.uid() == 0 {
        let (user, group) = owner_of_prosody()?;
        for path in all_below(folder)? {
            chown(path, Some(user), Some(group))?;
        }
        command = Command::new("setpriv");
        command
            .arg(format!("--reuid={user}"))
            .arg(format!("--regid={group}"));
        command.args(["--clear-groups", "prosody"]);
    }
    spawn(command.args(arguments).env("PEER_DIR", folder), folder)
}

/// The user and group of Prosody's own folder.
fn owner_of_prosody() -> Result<(u32, u32)> {
    let folder = std::fs::metadata("/var/lib/prosody").context("/var/lib/prosody")?;
    Ok((folder.uid(), folder.gid()))
}

fn all_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = vec![folder.to_owned()];
    let mut next = 0;
    while let Some(path) = all.get(next).cloned() {
        next += 1;
        if path.is_dir() {
            for entry in std::fs::read_dir(&path)? {
                all.push(entry?.path());
            }
        }
    }
    Ok(all)
}

/// What it says goes to a file.
fn spawn(command: &mut Command, folder: &Path) -> Result<Child> {
    let output = std::fs::File::create(folder.join("output"))?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .with_context(|| format!("cannot start {:?}", command.get_program()))
}
