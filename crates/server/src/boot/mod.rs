//! The start-up list, top to bottom. What is started last is stopped first.

mod claim;
mod ports;
mod wiring;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use tact_acd::Config;
use tact_acd::phones::SimulatedPhones;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::acd::AcdHandle;
use crate::auth::Credentials;
use crate::cors::Cors;
use crate::cti::journal::{Found, Journal};
use crate::desk::DeskHandle;
use crate::notify::Notify;
use crate::presence::SignOuts;
use crate::settings::{self, Settings};
use crate::store::{self, SharedConfiguration, Store};
use crate::telemetry::{LogSettings, Logs};
use crate::tracer::Tracer;
use crate::{acd, clock, cti, events, http, rest, telephony};
use claim::Claim;
use ports::Ports;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made or written.
    #[error("cannot use the data folder {folder}: {source}")]
    Folder {
        /// Which.
        folder: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Two servers on one database and one set of log files would each believe to be alone.
    #[error(
        "the data folder {folder} is in use by another server; stop that one, or use another folder: --data DIR"
    )]
    InUse {
        /// Which.
        folder: String,
    },
    /// A port is taken or not permitted.
    #[error(
        "cannot listen on {address} ({key}): {source}; another port: --set {key}=PORT, a free one: --set {key}=0"
    )]
    Listen {
        /// The setting that names the port.
        key: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The configuration database.
    #[error("the configuration database: {0}")]
    Store(#[from] store::Error),
    /// The certificate.
    #[error("the certificate: {0}")]
    Tls(#[from] http::tls::TlsError),
    /// The settings contradict the database.
    #[error(transparent)]
    Settings(#[from] settings::Error),
}

/// A listener of a running server.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The setting that names its port.
    pub key: &'static str,
    /// Where it listens; the port is the real one where the setting says 0.
    pub address: SocketAddr,
    /// What speaks there.
    pub what: &'static str,
}

/// A running server.
#[derive(Debug)]
pub struct Running {
    /// The data folder is this server's until the end.
    _claim: Claim,
    endpoints: Vec<Endpoint>,
    demo: bool,
    desk: DeskHandle,
    notify: Notify,
    store: Store,
    logs: Logs,
    /// Ends what takes requests.
    front: CancellationToken,
    /// Ends the CTI link, so that desktops hear their last events first.
    back: CancellationToken,
    /// Ends the embedded CTI server, once its client has closed in order.
    centre: CancellationToken,
    front_tasks: TaskTracker,
    back_tasks: TaskTracker,
    centre_tasks: TaskTracker,
}

/// Starts everything that `settings` ask for.
pub async fn start(settings: &Settings) -> Result<Running, StartError> {
    start_with(settings, None).await
}

/// As [`start`], with what reads the logs for `/trace/{requestId}`.
pub async fn start_with(
    settings: &Settings,
    tracer: Option<Arc<dyn Tracer>>,
) -> Result<Running, StartError> {
    let mut ports = Ports::default();
    let [front, back, centre] = std::array::from_fn(|_| CancellationToken::new());
    let [front_tasks, back_tasks, centre_tasks] = std::array::from_fn(|_| TaskTracker::new());

    // The folder, the logs, the database.
    let claim = Claim::take(&settings.data, claim::SERVE)?;
    let logs = open_logs(settings)?;
    let (store, demo) = open_store(settings).await?;
    let configuration = SharedConfiguration::new(store.configuration().await?);
    settings.check_publishers(&configuration.load())?;
    let kept_subscriptions = store.subscriptions().await?;
    let credentials = Credentials::with_limits(
        store.clone(),
        configuration.clone(),
        logs.clone(),
        &(&settings.auth).into(),
    );

    // The contact centre, unless another one is named.
    let mut cti_port = settings.cti.port;
    let mut centre_here = None;
    if settings.cti.host.is_none() {
        let listener = ports
            .bind(settings, "cti.port", settings.cti.port, "CTI (GED-188)")
            .await?;
        cti_port = ports.last_port();
        let config = acd::config(&configuration.load(), settings.cti.peripheral_id);
        let handle = open_centre(settings, config, demo, &logs)?;
        centre_here = Some(handle.clone());
        centre_tasks.spawn(cti::listen::serve(
            listener,
            handle,
            logs.clone(),
            centre.clone(),
        ));
    }

    // All ports before the first client: a server that cannot have them all does not half start.
    let tls = http::tls::server_config(&settings.data, &settings.host)?;
    let web = ports::bind_web(settings, &mut ports).await?;
    let xmpp = ports::bind_xmpp(settings, &mut ports).await?;

    // The pages of other sites, as the database says from the first request on.
    let configured = settings.allowed_origins();
    let origins = store.cors_origins().await?;
    let cors = Cors::new(origins.as_ref().unwrap_or(&configured));
    let following = cors.clone().follow(store.clone(), configured, back.clone());
    back_tasks.spawn(following);

    // The desk and the notification service know each other: presence goes one way, events the other.
    let system = Arc::new(wiring::system(settings, &ports));
    let desk_cell = Arc::new(OnceLock::<DeskHandle>::new());
    let (keep, keeper) = wiring::subscription_keeper(&store, back.clone());
    back_tasks.spawn(keeper);
    let notify = Notify::new(
        wiring::notify_config(settings, &configuration, keep, &cors),
        credentials.clone(),
        logs.clone(),
        wiring::presence_sink(&desk_cell, &logs),
    );
    notify.restore(kept_subscriptions);
    let (sign_outs, keeping) = SignOuts::new(&store, &settings.host, back.clone());
    back_tasks.spawn(keeping);
    let desk = DeskHandle::with_keeper(
        crate::desk::config(settings),
        wiring::publisher(&notify, &configuration, &system, &logs),
        sign_outs.keeper(),
        logs.clone(),
    );
    desk.restarted(store.watched(&settings.host).await?);
    // Nobody else sets it.
    let _ = desk_cell.set(desk.clone());
    let (clock, stop) = (desk.clone(), back.clone());
    back_tasks.spawn(async move { clock.keep_time(stop).await });
    let link = cti::link::LinkSettings::new(&settings.cti, cti_port);
    back_tasks.spawn(cti::link::run(
        link,
        desk.clone(),
        logs.clone(),
        back.clone(),
    ));

    // What people and programs reach.
    let state = wiring::rest_state(
        wiring::rest_settings(settings, &system, &cors),
        &desk,
        &credentials,
        &configuration,
        &notify,
        &logs,
    );
    let knows_users = Arc::new(credentials.clone());
    let mut rest = rest::routes(state.clone())
        .merge(rest::token::routes(state.clone()))
        .merge(rest::sign_outs::routes(state.clone(), sign_outs))
        .merge(events::routes(notify.clone(), knows_users, cors.clone()));
    let folder = settings.data.join("logs");
    rest = rest.merge(rest::logs::routes(state.clone(), folder, demo, tracer));
    if let Some(acd) = centre_here.filter(|_| demo) {
        rest = rest.merge(rest::demo_calls::routes(state, acd));
    }
    let router = http::router(rest, notify.routes(), cors, logs.clone());
    for (listener, secure) in web {
        front_tasks.spawn(http::serve(
            listener,
            secure.then(|| Arc::clone(&tls)),
            router.clone(),
            settings.http.max_connections,
            logs.clone(),
            front.clone(),
        ));
    }
    for (listener, direct) in xmpp {
        let (notify, tls, stop) = (notify.clone(), Arc::clone(&tls), front.clone());
        front_tasks.spawn(async move { notify.serve_tcp(listener, tls, direct, stop).await });
    }
    Ok(Running {
        _claim: claim,
        endpoints: ports.endpoints,
        demo,
        desk,
        notify,
        store,
        logs,
        front,
        back,
        centre,
        front_tasks,
        back_tasks,
        centre_tasks,
    })
}

impl Running {
    /// Where it listens.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// True when the demo centre is what it serves.
    pub fn is_demo(&self) -> bool {
        self.demo
    }

    /// True while the CTI server is connected and every agent's state is known.
    pub fn is_in_service(&self) -> bool {
        self.desk.read(|desk| desk.service().in_service)
    }

    /// Stops in the reverse order of the start and waits until all is on disk.
    pub async fn stop(self) {
        self.notify.close_all().await;
        for (stop, tasks) in [
            (self.front, self.front_tasks),
            (self.back, self.back_tasks),
            (self.centre, self.centre_tasks),
        ] {
            stop.cancel();
            tasks.close();
            tasks.wait().await;
        }
        self.store.close().await;
        self.logs.close();
    }
}

fn open_logs(settings: &Settings) -> Result<Logs, StartError> {
    let directory = settings.logs();
    let failed = |source| StartError::Folder {
        folder: directory.display().to_string(),
        source,
    };
    std::fs::create_dir_all(&directory).map_err(failed)?;
    Logs::open(LogSettings {
        directory: directory.clone(),
        host: settings.host.clone(),
        notification_wire: settings.log_notification_wire,
        max_file_bytes: settings.log_max_file_bytes,
        max_files: settings.log_max_files,
    })
    .map_err(failed)
}

/// The centre as it was when it was left, by whatever way.
fn open_centre(
    settings: &Settings,
    config: Config,
    demo: bool,
    logs: &Logs,
) -> Result<AcdHandle, StartError> {
    let (limits, now) = ((&settings.acd).into(), clock::now_ms());
    let phones = if demo {
        telephony::demo_phones(&settings.demo, now)
    } else {
        SimulatedPhones::new(0, now)
    };
    let Some(journal) = settings.journal() else {
        let found = Found::fresh(config, now);
        return Ok(AcdHandle::resume(found, None, phones, logs.clone(), limits));
    };
    let folder = journal.folder.display().to_string();
    let (journal, found) = Journal::open(journal, config, now).map_err(|source| {
        if source.kind() == io::ErrorKind::WouldBlock {
            StartError::InUse { folder }
        } else {
            StartError::Folder { folder, source }
        }
    })?;
    let journal = Some(journal);
    Ok(AcdHandle::resume(
        found,
        journal,
        phones,
        logs.clone(),
        limits,
    ))
}

async fn open_store(settings: &Settings) -> Result<(Store, bool), StartError> {
    let store = Store::open(&settings.database()).await?;
    if settings.demo_agents > 0 {
        store.seed_demo(settings.demo_agents).await?;
    }
    let demo = store.is_demo().await?;
    settings.check_exposure(demo)?;
    Ok((store, demo))
}

/// A CTI server that runs alone.
#[derive(Debug)]
pub struct RunningCti {
    _claim: Claim,
    address: SocketAddr,
    logs: Logs,
    store: Store,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

/// Starts the embedded CTI server alone, without desktops, on the contact centre of the data folder.
pub async fn start_cti(settings: &Settings) -> Result<RunningCti, StartError> {
    let claim = Claim::take(&settings.data, claim::CTI)?;
    let logs = open_logs(settings)?;
    let (store, demo) = open_store(settings).await?;
    let mut ports = Ports::default();
    let listener = ports
        .bind(settings, "cti.port", settings.cti.port, "CTI (GED-188)")
        .await?;
    let config = acd::config(&store.configuration().await?, settings.cti.peripheral_id);
    let handle = open_centre(settings, config, demo, &logs)?;
    let stop = CancellationToken::new();
    let task = tokio::spawn(cti::listen::serve(
        listener,
        handle,
        logs.clone(),
        stop.clone(),
    ));
    Ok(RunningCti {
        _claim: claim,
        address: SocketAddr::new(settings.address, ports.last_port()),
        logs,
        store,
        stop,
        task,
    })
}

impl RunningCti {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Tells the clients, closes and waits until all is on disk.
    pub async fn stop(self) {
        self.stop.cancel();
        // A listener that panicked has nothing left to say.
        let _ = self.task.await;
        self.store.close().await;
        self.logs.close();
    }
}
