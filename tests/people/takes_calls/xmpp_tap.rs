//! An agent's event channel that only listens.

use std::sync::{Arc, Mutex};
use std::thread;

use tact_load::channel::{Channel, ChannelSettings, Transport};
use tact_load::target::Target;
use tokio::sync::{mpsc, oneshot};

use crate::server::Server;
use crate::tact::until;

/// One event: its node and the `<Update>`.
#[derive(Debug, Clone)]
pub(crate) struct Update {
    pub(crate) node: String,
    pub(crate) text: String,
}

/// A WebSocket channel of one agent, with presence.
pub(crate) struct XmppTap {
    updates: Arc<Mutex<Vec<Update>>>,
    pings: mpsc::UnboundedSender<oneshot::Sender<()>>,
}

impl XmppTap {
    /// Opens the channel; once this returns the server knows the presence.
    pub(crate) fn open(server: &Server, agent: &str) -> XmppTap {
        let settings = ChannelSettings {
            transport: Transport::WebSocket,
            server: Target::parse(&server.http()).unwrap(),
            xmpp: ("127.0.0.1".into(), server.address("xmpp.port").port()),
            tls: tact_load::tls::client_config(true).unwrap(),
            domain: "localhost".into(),
            agent: agent.into(),
            password: agent.into(),
            resource: "golden".into(),
        };
        let updates = Arc::new(Mutex::new(Vec::new()));
        let (pings, asked) = mpsc::unbounded_channel();
        let (opened, ready) = std::sync::mpsc::channel();
        let store = Arc::clone(&updates);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(listen(settings, &store, asked, &opened));
        });
        ready.recv().unwrap();
        XmppTap { updates, pings }
    }

    /// Whether an update that contains all of `texts` has come since the last [`XmppTap::take`].
    pub(crate) fn has(&self, texts: &[&str]) -> bool {
        let updates = self.updates.lock().unwrap();
        updates
            .iter()
            .any(|update| texts.iter().all(|text| update.text.contains(text)))
    }

    /// All that came since the last time; first waits until the server has sent what it had to send.
    pub(crate) fn take(&self) -> Vec<Update> {
        let (answer, mut answered) = oneshot::channel();
        self.pings.send(answer).unwrap();
        until("the ping is answered", || answered.try_recv().ok());
        std::mem::take(&mut *self.updates.lock().unwrap())
    }
}

async fn listen(
    settings: ChannelSettings,
    updates: &Mutex<Vec<Update>>,
    mut asked: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    opened: &std::sync::mpsc::Sender<()>,
) {
    let mut channel = Channel::open(&settings).await.unwrap();
    channel.send_presence().await.unwrap();
    opened.send(()).unwrap();
    let push = |event: tact_xmpp::event::Received| {
        updates.lock().unwrap().push(Update {
            node: event.node,
            text: event.payload,
        });
    };
    loop {
        tokio::select! {
            biased;
            ping = asked.recv() => {
                let Some(answer) = ping else { return };
                channel.ping().await.unwrap();
                // What came before the answer waits inside the channel.
                while let Ok(event) =
                    tokio::time::timeout(std::time::Duration::ZERO, channel.next_event()).await
                {
                    push(event.unwrap());
                }
                let _ = answer.send(());
            }
            event = channel.next_event() => match event {
                Ok(event) => push(event),
                // The server stopped.
                Err(_) => return,
            },
        }
    }
}
