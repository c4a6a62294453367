"""aioxmpp over TCP with STARTTLS, as a supervisor: what supervisor.mjs does, in the same order.

    python3 aioxmpp_client.py --server http://127.0.0.1:8082 --xmpp 127.0.0.1:5222
        [--supervisor 2100 --password 2100 --team 5000] [--agent 2001 --extension 2003 --reason 7]
        [--domain localhost] [--resource supervisor] [--timeout 30]

Prints one JSON object, {"ok":true,...} and exit 0, or {"ok":false,"cause":...} and exit 1.
"""

import argparse
import asyncio
import base64
import json
import sys
import urllib.request
import uuid

import aioxmpp
import aioxmpp.connector
import aioxmpp.ping
import aioxmpp.pubsub

NOTIFICATION = "{http://jabber.org/protocol/pubsub}notification"


class Supervisor:
    def __init__(self, options):
        self.options = options
        self.agent = f"/finesse/api/User/{options.agent}"
        self.team = f"/finesse/api/Team/{options.team}/Users"
        self.events = []
        self.news = asyncio.Event()
        self.step = "sign in"

    def heard_of(self, _service, node, item, *, message=None):
        for payload in item.unregistered_payload:
            if payload.tag == NOTIFICATION:
                self.events.append((node, payload.text or ""))
                self.news.set()

    async def hear(self, node, request_id):
        def ours(event):
            return event[0] == node and f"<requestId>{request_id}</requestId>" in event[1]

        while not any(map(ours, self.events)):
            self.news.clear()
            await self.news.wait()

    async def put(self, state, rest=""):
        """The agent asks for a state. In the demo centre the password is the id."""
        request_id = str(uuid.uuid4())
        credentials = base64.b64encode(f"{self.options.agent}:{self.options.agent}".encode()).decode()
        request = urllib.request.Request(
            self.options.server + self.agent,
            data=f"<User><state>{state}</state>{rest}</User>".encode(),
            method="PUT",
            headers={
                "Authorization": f"Basic {credentials}",
                "Content-Type": "application/xml",
                "requestId": request_id,
            },
        )
        answer = await asyncio.get_running_loop().run_in_executor(None, urllib.request.urlopen, request)
        assert answer.status == 202, answer.status
        return request_id

    async def listed(self, pubsub, service):
        subscriptions = await pubsub.get_subscriptions(service)
        return {one.node for one in subscriptions.subscriptions}

    async def run(self):
        options = self.options
        host, port = options.xmpp.rsplit(":", 1)
        jid = aioxmpp.JID(options.supervisor, options.domain, options.resource)
        # The certificate of the first start is self-signed.
        security = aioxmpp.make_security_layer(options.password, no_verify=True)
        connector = aioxmpp.connector.STARTTLSConnector()
        client = aioxmpp.PresenceManagedClient(jid, security, override_peer=[(host, int(port), connector)])
        pubsub = client.summon(aioxmpp.PubSubClient)
        pubsub.on_item_published.connect(self.heard_of)
        service = aioxmpp.JID.fromstr(f"pubsub.{options.domain}")
        domain = aioxmpp.JID.fromstr(options.domain)
        async with client.connected():
            assert client.local_jid == jid, client.local_jid
            self.step = "ping"
            await aioxmpp.ping.ping(client, domain)
            self.step = "subscribe"
            for node in (self.agent, self.team):
                await pubsub.subscribe(service, node)
            self.step = "subscriptions"
            assert {self.agent, self.team} <= await self.listed(pubsub, service)
            self.step = "LOGIN"
            login = await self.put("LOGIN", f"<extension>{options.extension}</extension>")
            for node in (self.agent, self.team):
                await self.hear(node, login)
            self.step = "unsubscribe"
            await pubsub.unsubscribe(service, self.team)
            assert self.team not in await self.listed(pubsub, service)
            self.step = "LOGOUT"
            before = len(self.events)
            logout = await self.put("LOGOUT", f"<reasonCodeId>{options.reason}</reasonCodeId>")
            await self.hear(self.agent, logout)
            # What was published with it has come when this is answered.
            await aioxmpp.ping.ping(client, domain)
            late = [node for node, _ in self.events[before:] if node == self.team]
            assert not late, "the team is still heard"
            await pubsub.unsubscribe(service, self.agent)
            self.step = "close"
        return {"ok": True, "jid": str(jid), "nodes": [self.agent, self.team]}


async def run(options):
    supervisor = Supervisor(options)
    try:
        result = await asyncio.wait_for(supervisor.run(), options.timeout)
    except Exception as error:  # whatever it is, it is the result
        result = {"ok": False, "cause": f"{supervisor.step}: {type(error).__name__}: {error}"}
    seen = [node for node, _ in supervisor.events]
    print(json.dumps({**result, "transport": "tcp", "seen": seen}), flush=True)
    return 0 if result["ok"] else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", default="http://127.0.0.1:8082")
    parser.add_argument("--xmpp", default="127.0.0.1:5222")
    parser.add_argument("--supervisor", default="2100")
    parser.add_argument("--password", default="2100")
    parser.add_argument("--team", default="5000")
    parser.add_argument("--agent", default="2001")
    parser.add_argument("--extension", default="2003")
    parser.add_argument("--reason", default="7")
    parser.add_argument("--domain", default="localhost")
    parser.add_argument("--resource", default="supervisor")
    parser.add_argument("--timeout", type=float, default=30)
    sys.exit(asyncio.run(run(parser.parse_args())))


main()
