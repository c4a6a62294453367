"""slixmpp signs in to the notification service over TCP and waits for an event on the agent's own node.

    python3 slixmpp_client.py --host 127.0.0.1 --port 5222 --agent 2001 --password 2001
        [--domain localhost] [--resource slixmpp] [--timeout 15] [--no-starttls] [--direct-tls]
        [--server http://127.0.0.1:8082 --put LOGIN|NOT_READY|READY|LOGOUT [--extension 2003] [--reason 1]]

With --put it asks for that state by REST and waits for the event that carries its requestId; without, any event will do.
Prints one JSON object, {"ok":true,...} and exit 0, or {"ok":false,"cause":...} and exit 1.
"""

import argparse
import asyncio
import base64
import json
import ssl
import sys
import urllib.error
import urllib.request
import uuid

import slixmpp

PUBSUB = "http://jabber.org/protocol/pubsub"
EVENT = "http://jabber.org/protocol/pubsub#event"


class Client(slixmpp.ClientXMPP):
    def __init__(self, options, result):
        jid = f"{options.agent}@{options.domain}/{options.resource}"
        super().__init__(jid, options.password)
        self.options = options
        self.result = result
        self.node = f"/finesse/api/User/{options.agent}"
        self.request_id = str(uuid.uuid4())
        self.seen = []
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0060")
        self.register_plugin("xep_0199")
        self.enable_starttls = not (options.no_starttls or options.direct_tls)
        self.enable_direct_tls = options.direct_tls
        self.enable_plaintext = options.no_starttls
        self.plugin["feature_mechanisms"].unencrypted_plain = options.no_starttls
        # The certificate of the first start is self-signed.
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("failed_auth", lambda _: self.finish(cause="authentication failed"))
        self.add_event_handler("connection_failed", lambda e: self.finish(cause=f"connection failed: {e}"))
        self.add_event_handler("disconnected", lambda e: self.finish(cause=f"disconnected: {e}"))
        self.add_event_handler("stream_error", lambda e: self.finish(cause=f"stream error: {e['condition']}"))
        self.register_handler(
            slixmpp.xmlstream.handler.Callback(
                "events",
                slixmpp.xmlstream.matcher.MatchXPath(f"{{jabber:client}}message/{{{EVENT}}}event"),
                self.event_received,
            )
        )

    def finish(self, **result):
        if not self.result.done():
            self.result.set_result(result)

    async def started(self, _):
        try:
            self.send_presence(ppriority=0)
            await self.get_roster()
            # Presence has been taken when this is answered, as stanzas are handled in order.
            self.rtt = await self.plugin["xep_0199"].ping(self.options.domain)
            service = f"pubsub.{self.options.domain}"
            info = await self.plugin["xep_0030"].get_info(jid=service)
            assert ("pubsub", "service") in {identity[:2] for identity in info["disco_info"]["identities"]}
            node = f"{self.node}/ClientLog"
            full = self.boundjid.full
            await self.plugin["xep_0060"].subscribe(service, node, bare=False, subscribee=full)
            listed = await self.plugin["xep_0060"].get_subscriptions(service, node=node)
            assert any(s["jid"] == full for s in listed["pubsub"]["subscriptions"]), listed
            await self.plugin["xep_0060"].unsubscribe(service, node, bare=False, subscribee=full)
            if self.options.put:
                await asyncio.get_running_loop().run_in_executor(None, self.put)
        except Exception as error:  # whatever it is, it is the result
            self.finish(cause=f"{type(error).__name__}: {error}")

    def put(self):
        options = self.options
        body = f"<User><state>{options.put}</state>"
        if options.extension:
            body += f"<extension>{options.extension}</extension>"
        if options.reason:
            body += f"<reasonCodeId>{options.reason}</reasonCodeId>"
        body += "</User>"
        credentials = base64.b64encode(f"{options.agent}:{options.password}".encode()).decode()
        request = urllib.request.Request(
            options.server + self.node,
            data=body.encode(),
            method="PUT",
            headers={
                "Authorization": f"Basic {credentials}",
                "Content-Type": "application/xml",
                "requestId": self.request_id,
            },
        )
        try:
            status = urllib.request.urlopen(request, timeout=options.timeout).status
        except urllib.error.HTTPError as error:
            status = error.code
        if status != 202:
            raise RuntimeError(f"PUT answered {status}")

    def event_received(self, message):
        items = message.xml.find(f"{{{EVENT}}}event/{{{EVENT}}}items")
        notification = items.find(f"{{{EVENT}}}item/{{{PUBSUB}}}notification")
        update = notification.text or ""
        self.seen.append(items.get("node"))
        ours = not self.options.put or f"<requestId>{self.request_id}</requestId>" in update
        if items.get("node") == self.node and update.startswith("<Update>") and ours:
            self.finish(jid=self.boundjid.full, node=self.node, update=update)


async def run(options):
    result = asyncio.get_running_loop().create_future()
    client = Client(options, result)
    client.connect(options.host, options.port)
    try:
        outcome = await asyncio.wait_for(result, options.timeout)
    except asyncio.TimeoutError:
        outcome = {"cause": "timeout"}
    ok = "cause" not in outcome
    print(json.dumps({"ok": ok, **outcome, "transport": "tcp", "seen": client.seen}), flush=True)
    try:
        await asyncio.wait_for(client.disconnect(), 2)
    except (asyncio.TimeoutError, TypeError):
        pass
    return 0 if ok else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5222)
    parser.add_argument("--agent", default="2001")
    parser.add_argument("--password", default="2001")
    parser.add_argument("--domain", default="localhost")
    parser.add_argument("--resource", default="slixmpp")
    parser.add_argument("--timeout", type=float, default=15)
    parser.add_argument("--no-starttls", action="store_true")
    parser.add_argument("--direct-tls", action="store_true")
    parser.add_argument("--server", default="http://127.0.0.1:8082")
    parser.add_argument("--put")
    parser.add_argument("--extension")
    parser.add_argument("--reason")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
