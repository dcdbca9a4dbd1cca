//! The reference host: one order, one channel, everything durable in one struct, and a crash point wherever a real host can die.
//!
//! Whatever is in `Reference` survives a crash; whatever a function holds in its variables is lost, as in a process that was killed.

use efectivo::calls;
use serde_json::{Value, json};

const CHANNEL: &str = "sandbox-1";
const START: i64 = 1_795_000_000_000;
/// More rounds than any script needs before everything rests.
const ROUNDS: usize = 60;

/// A rule of the loop that a host may break; every break must be seen by a script.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Broken {
    /// None.
    No,
    /// `sent_at` isn't kept: what may have left is sent again.
    ForgetsWhatLeft,
    /// The first commit of an input comes after its outputs have left.
    CommitsAfterItSends,
    /// The shop has neither key nor precondition.
    AppliesEffectsTwice,
    /// `route` is not asked about the signature's verdict.
    TrustsForgedNotices,
}

/// The process died here.
pub struct Died;

struct Row {
    output: Value,
    attempt: u32,
    sent_at: Option<i64>,
    done: bool,
}

struct Arrived {
    headers: Value,
    body: Vec<u8>,
    parcel: Value,
}

/// Host, shop and provider of one order.
pub struct Reference {
    broken: Broken,
    kind: String,
    now: i64,
    crash: Option<(String, u64)>,
    point: String,
    died: bool,
    // what the store holds
    case: Value,
    channel: Value,
    outbox: Vec<Row>,
    inbox: Vec<(bool, Value)>,
    journal: Vec<Value>,
    // the shop
    read: Value,
    applied: Vec<(String, String)>,
    // the provider
    world: Value,
    post: Vec<Arrived>,
}

type Alive<T = ()> = Result<T, Died>;

impl Reference {
    pub fn new(kind: &str, point: &str, broken: Broken) -> Self {
        let accounts = json!({"own_key": "my-key", "own_secret": "my-secret", "pagoefectivo_service_id": 1042, "pagoefectivo_access_key": "pe-access",
            "pagoefectivo_secret_key": "pe-secret", "dlocal_login": "dl-login", "dlocal_trans_key": "dl-trans", "dlocal_secret_key": "dl-secret",
            "own_notice_url": "http://127.0.0.1:1/webhook", "pagoefectivo_notice_url": "http://127.0.0.1:1/webhook"});
        let mut host = Self {
            broken,
            kind: kind.into(),
            now: START,
            crash: None,
            point: point.into(),
            died: false,
            case: Value::Null,
            channel: json!({"id": CHANNEL}),
            outbox: Vec::new(),
            inbox: Vec::new(),
            journal: Vec::new(),
            read: Value::Null,
            applied: Vec::new(),
            world: Value::Null,
            post: Vec::new(),
        };
        host.world = ask("sandbox", json!({"begin": {"seed": 7, "accounts": accounts}, "act": "ledger", "now": START}), b"").0["world"].take();
        host
    }

    /// Does one step of a script; a host that dies in it is started again, and the step is done once more.
    pub fn step(&mut self, step: &Value) -> Result<(), String> {
        if let Some(expected) = step.get("expect") {
            return self.compare(expected);
        }
        self.outside(step);
        for _ in 0..3 {
            match self.inside(step) {
                Ok(()) => return Ok(()),
                Err(Died) => (self.crash, self.died) = (None, true),
            }
        }
        Err("died again after its restart".into())
    }

    /// The case as the store holds it.
    pub fn case(&self) -> &Value {
        &self.case
    }

    /// Whether a crash was asked for that never came.
    pub fn never_crashed(&self) -> bool {
        !self.point.is_empty() && !self.died
    }

    /// What happens around the host: once, whether it lives or not.
    fn outside(&mut self, step: &Value) {
        if let Some(minutes) = step["wind_minutes"].as_i64() {
            self.now += minutes * 60_000;
            self.act(json!("tick"), b"");
        }
        if let Some(price) = step["place"].as_i64() {
            self.read = json!({"status": "open", "outstanding": pen(price), "total": pen(price)});
        }
        if let Some(nth) = step["crash"].as_u64() {
            self.crash = Some((self.point.clone(), nth));
        }
        if let Some(kind) = step["trouble"].as_str() {
            let path = step["path"].as_str().unwrap_or_default();
            self.act(json!({"trouble": {"kind": kind, "count": 1, "matching": path}}), b"");
        }
        if let Some(how) = step.get("pay") {
            if let Some(rule) = how["notice"].as_str() {
                self.act(json!({"notices": {"rule": rule, "count": 1}}), b"");
            }
            let amount = how["amount"].as_i64().map(pen);
            let code = self.newest_code();
            self.act(json!({"pay": {"code": code, "amount": amount}}), b"");
        }
        if step.get("reverse").is_some() {
            let code = self.newest_code();
            self.act(json!({"reverse": {"code": code}}), b"");
        }
        if step.get("shop_cancels").is_some() {
            self.read["status"] = json!("cancelled");
        }
        if let Some(total) = step["shop_edits"].as_i64() {
            (self.read["outstanding"], self.read["total"]) = (pen(total), pen(total));
        }
        if step.get("paid_otherwise").is_some() {
            (self.read["status"], self.read["outstanding"]) = (json!("paid"), pen(0));
        }
    }

    /// What the host does then; done again after a restart, it must change nothing twice.
    fn inside(&mut self, step: &Value) -> Alive {
        if step.get("place").is_some() && self.case.is_null() {
            let mut fresh = ask("new_case", json!({"entropy": "ab".repeat(64)}), b"").0;
            fresh["order"] = json!("1");
            fresh["number"] = json!("1");
            fresh["mode"] = json!("test");
            fresh["read"] = self.read.clone();
            fresh["person"] = person();
            self.handle(json!({"placed": fresh}), b"", None)?;
        }
        let changed = ["shop_cancels", "shop_edits", "paid_otherwise"].iter().any(|change| step.get(change).is_some());
        if changed && step.get("untold").is_none() {
            self.handle(json!({"order": {"read": self.read}}), b"", None)?;
        }
        if let Some(decision) = step.get("merchant")
            && self.case["wish"] != "cancel"
            && self.case["state"] != "cancelled"
        {
            self.handle(json!({"merchant": decision}), b"", None)?;
        }
        self.rest()
    }

    /// Notices come in, what is due is woken, what can leave leaves; until nothing moves.
    fn rest(&mut self) -> Alive {
        for _ in 0..ROUNDS {
            let mut moved = self.receive()?;
            if self.case["wake_at"].as_i64().is_some_and(|at| at <= self.now) {
                let before = self.case.clone();
                self.handle(json!("wake"), b"", None)?;
                moved |= self.case["wake_at"] != before["wake_at"];
            }
            for lane in ["shop", "provider", "mail"] {
                if let Some(place) = self.outbox.iter().position(|row| !row.done && row.output["lane"] == lane) {
                    self.carry(place)?;
                    moved = true;
                }
            }
            if !moved {
                return Ok(());
            }
        }
        panic!("never rests: {}", self.case);
    }

    /// One input through the core, and all that it changed into the store in one transaction.
    fn handle(&mut self, input: Value, bytes: &[u8], completes: Option<usize>) -> Alive {
        let case = (!self.case.is_null()).then_some(&self.case);
        let done = ask("handle", json!({"settings": self.settings(), "channels": [self.channel], "case": case, "input": input, "now": self.now}), bytes).0;
        self.dies(if completes.is_some() { "before done" } else { "before commit" })?;
        self.case = done["case"].clone();
        self.journal.extend(done["journal"].as_array().unwrap().iter().cloned());
        if let Some(row) = done["channels"].as_array().and_then(|rows| rows.first()) {
            self.channel = row.clone();
        }
        for output in done["outputs"].as_array().unwrap() {
            self.outbox.push(Row { output: output.clone(), attempt: 0, sent_at: None, done: false });
        }
        if let Some(place) = completes {
            self.outbox[place].done = true;
        }
        self.dies("after commit")
    }

    fn carry(&mut self, place: usize) -> Alive {
        self.outbox[place].attempt += 1;
        self.dies("claimed")?;
        let row = &self.outbox[place];
        let (output, sent_before) = (row.output.clone(), row.sent_at.is_some());
        let asks = output["body"].get("ask").is_some();
        if asks && sent_before && output["repeatable"] == false {
            return self.answered(place, &output, json!({"failure": "unknown"}), b"");
        }
        let (carried, bytes) = match self.built(&output) {
            (carried, bytes) if carried.get("token").is_some() => {
                self.fetch_token(&carried["token"], &bytes);
                self.built(&output)
            }
            built => built,
        };
        assert!(carried.get("first").is_none(), "the scripts' provider has no call of two requests");
        if carried == "no_longer_due" {
            let unsure = if sent_before { json!("unknown") } else { json!("no_longer_due") };
            return match (asks, sent_before) {
                (true, true) => self.answered(place, &output, json!({"failure": "unknown"}), b""),
                _ => self.handle(json!({"outcome": {"output": output["no"], "outcome": unsure, "read": self.read}}), b"", Some(place)),
            };
        }
        if self.broken != Broken::ForgetsWhatLeft {
            self.outbox[place].sent_at = Some(self.now);
        }
        if self.broken != Broken::CommitsAfterItSends {
            self.dies("sent")?;
        }
        if asks {
            let (answer, body) = self.send(&carried["request"], &bytes);
            if self.broken == Broken::CommitsAfterItSends {
                self.outbox[place].sent_at = None;
                self.dies("sent")?;
                self.dies("provider acted")?;
                self.outbox[place].sent_at = Some(self.now);
            }
            self.dies("provider acted")?;
            self.dies("answered")?;
            return self.answered(place, &output, answer, &body);
        }
        let became = match carried.get("effect") {
            Some(effect) => self.apply(effect, output["no"].as_u64().unwrap()),
            None => json!("done"),
        };
        self.dies("provider acted")?;
        self.dies("answered")?;
        self.handle(json!({"outcome": {"output": output["no"], "outcome": became, "read": self.read}}), b"", Some(place))
    }

    fn answered(&mut self, place: usize, output: &Value, answer: Value, body: &[u8]) -> Alive {
        let sent_before = self.outbox[place].attempt > 1 && self.outbox[place].sent_at.is_some();
        self.handle(json!({"answer": {"output": output, "answer": answer, "sent_before": sent_before}}), body, Some(place))
    }

    fn built(&self, output: &Value) -> (Value, Vec<u8>) {
        ask(
            "carry",
            json!({"settings": self.settings(), "channel": self.channel, "case": self.case, "person": person(), "output": output,
                "credentials": self.credentials(), "now": self.now, "entropy": "cd".repeat(32)}),
            b"",
        )
    }

    fn fetch_token(&mut self, request: &Value, body: &[u8]) {
        let (answer, bytes) = self.send(request, body);
        let taken = ask("take_token", json!({"settings": self.settings(), "channel": self.channel, "answer": answer, "now": self.now}), &bytes).0;
        self.channel = taken["channel"].clone();
    }

    /// The request over the wire of the sandbox.
    fn send(&mut self, request: &Value, body: &[u8]) -> (Value, Vec<u8>) {
        let url = request["url"].as_str().unwrap();
        let path = url.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap();
        let (path, query) = path.split_once('?').map_or((path.clone(), String::new()), |(path, query)| (path.into(), query.into()));
        let http = json!({"http": {"method": request["method"], "path": path, "query": query, "headers": request["headers"]}});
        let (served, bytes) = self.act(http, body);
        if served["transport"] == "cut" || served["response"].is_null() {
            return (json!({"failure": "cut_off"}), Vec::new());
        }
        (json!({"response": {"status": served["response"]["status"], "headers": served["response"]["headers"]}}), bytes)
    }

    /// The provider acts; its notices go into the post.
    fn act(&mut self, act: Value, body: &[u8]) -> (Value, Vec<u8>) {
        let (mut served, bytes) = ask("sandbox", json!({"world": self.world, "act": act, "now": self.now}), body);
        self.world = served["world"].take();
        for parcel in served["parcels"].as_array().into_iter().flatten() {
            let body = parcel["body"].as_str().unwrap_or_default().as_bytes().to_vec();
            self.post.push(Arrived { headers: parcel["headers"].clone(), body, parcel: parcel["no"].clone() });
        }
        (served, bytes)
    }

    /// Stores what came, answers it, and brings what was stored to the case.
    fn receive(&mut self) -> Alive<bool> {
        let post = core::mem::take(&mut self.post);
        let came = !post.is_empty();
        for Arrived { headers, body, parcel } in post {
            let notice = json!({"headers": headers, "query": "", "peer": "127.0.0.1"});
            let asked = json!({"settings": self.settings(), "channel": self.channel, "credentials": self.credentials(), "notice": notice, "now": self.now});
            let routed = ask("route", asked, &body).0;
            self.channel = routed["channel"].clone();
            let trusted = if self.broken == Broken::TrustsForgedNotices && routed["facts"].is_null() { self.believed(&body) } else { routed["facts"].clone() };
            if !trusted.is_null() {
                let verdict = if routed["verdict"].is_null() { json!("verified") } else { routed["verdict"].clone() };
                let key = if routed["dedupe_key"].is_null() { json!("forged") } else { routed["dedupe_key"].clone() };
                self.inbox.push((false, json!({"channel": CHANNEL, "verdict": verdict, "facts": trusted, "dedupe_key": key})));
            }
            self.act(json!({"delivered": {"no": parcel, "status": routed["http_status"]}}), b"");
        }
        while let Some(place) = self.inbox.iter().position(|(taken, _)| !taken) {
            let notice = self.inbox[place].1.clone();
            self.handle(json!({"notice": notice}), b"", None)?;
            self.inbox[place].0 = true;
        }
        Ok(came)
    }

    /// What a careless host would make of an unproven notice.
    fn believed(&self, body: &[u8]) -> Value {
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        json!({"provider_id": said["id"], "reference": said["reference"], "status": "paid", "payment_id": "forged", "amount": self.read["total"]})
    }

    /// The shop: a key that was seen answers `already_so`, a precondition that doesn't hold refuses.
    fn apply(&mut self, carried: &Value, no: u64) -> Value {
        let effect = &carried["effect"];
        let name = effect.as_str().map_or_else(|| effect.as_object().unwrap().keys().next().unwrap().clone(), str::to_owned);
        if self.broken != Broken::AppliesEffectsTwice {
            if self.applied.contains(&(name.clone(), no.to_string())) {
                return json!({"already_so": {"ours": true}});
            }
            let stands = match name.as_str() {
                "mark_paid" => "paid",
                "cancel" => "cancelled",
                _ => "",
            };
            if self.read["status"] == stands {
                let ours = self.applied.iter().any(|(known, _)| *known == name);
                return json!({"already_so": {"ours": ours}});
            }
            if ask("allows", json!({"when": carried["when"], "read": self.read}), b"").0["allowed"] == false {
                return json!({"refused": {"why": "the order is not so"}});
            }
        }
        match name.as_str() {
            "mark_paid" => (self.read["status"], self.read["outstanding"]) = (json!("paid"), pen(0)),
            "cancel" => self.read["status"] = json!("cancelled"),
            _ => {}
        }
        self.applied.push((name, no.to_string()));
        json!("done")
    }

    fn compare(&mut self, expected: &Value) -> Result<(), String> {
        let codes = self.ledger().as_array().unwrap().len();
        let times = |name: &str| self.applied.iter().filter(|(known, _)| known == name).count();
        let open = self.case["reviews"].as_array().into_iter().flatten().filter(|review| review["closed"].is_null());
        let reviews: Vec<&Value> = open.map(|review| &review["kind"]).collect();
        let is = json!({"state": self.case["state"], "codes": codes, "paid": times("mark_paid"), "cancelled": times("cancel"), "reviews": reviews});
        if is != *expected {
            return Err(format!("it is {is}"));
        }
        let rebuilt = ask("rebuild", json!({"entries": self.journal}), b"").0;
        if rebuilt["case"]["state"] != self.case["state"] || rebuilt["case"]["reviews"] != self.case["reviews"] {
            return Err("the journal tells another story".into());
        }
        Ok(())
    }

    fn ledger(&mut self) -> Value {
        self.act(json!("ledger"), b"").0["ledger"].take()
    }

    fn newest_code(&mut self) -> Value {
        let ledger = self.ledger();
        ledger.as_array().and_then(|rows| rows.first()).map(|row| row["digits"].clone()).expect("a code at the provider")
    }

    /// Dies where the script says.
    fn dies(&mut self, point: &str) -> Alive {
        match &mut self.crash {
            Some((wanted, nth)) if wanted == point => {
                *nth -= 1;
                if *nth == 0 { Err(Died) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn settings(&self) -> Value {
        let url = format!("http://127.0.0.1:1/{}", if self.kind == "sandbox" { "own" } else { &self.kind });
        json!({"shop": {"name": "Bodega Rosita", "tag": "ROSITA", "page_url": "http://127.0.0.1:1/pago", "contact": "hola@rosita.example",
                "mail_from": "hola@rosita.example"},
            "channels": [{"id": CHANNEL, "provider": self.kind, "mode": "test", "sandbox_url": url, "notice_url": "http://127.0.0.1:1/webhook"}]})
    }

    fn credentials(&self) -> Value {
        match self.kind.as_str() {
            "pagoefectivo" => json!({"pagoefectivo": {"service_id": "1042", "access_key": "pe-access", "secret_key": "pe-secret"}}),
            "dlocal" => json!({"dlocal": {"login": "dl-login", "trans_key": "dl-trans", "secret_key": "dl-secret"}}),
            _ => json!({"sandbox": {"key": "my-key", "secret": "my-secret"}}),
        }
    }
}

fn pen(minor: i64) -> Value {
    json!({"minor": minor, "currency": "PEN"})
}

fn person() -> Value {
    json!({"first_name": "Ana", "last_name": "Quispe", "email": "ana@rosita.example", "phone": "+51987654321", "document_type": "DNI", "document": "45678912"})
}

/// One call through the door.
fn ask(name: &str, what: Value, bytes: &[u8]) -> (Value, Vec<u8>) {
    let (answer, with) = calls::call(json!({ name: what }).to_string().as_bytes(), bytes);
    let mut answer: Value = serde_json::from_slice(&answer).unwrap();
    assert!(answer.get("error").is_none(), "{name}: {}", answer["error"]);
    (answer["ok"].take(), with)
}
