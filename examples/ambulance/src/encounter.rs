//! The encounter itself: the events that a crew reports, in the order of the service.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use mynacard_core::audit::{Drill, ShortId};
use mynacard_core::calendar::EraDate;
use mynacard_core::consent::{Basis, CardId, PermitLife};
use mynacard_core::credential::PrintedParts;
use mynacard_core::driver::run_with;
use mynacard_core::encounter::NotTaken;
use mynacard_core::error::Refusal;
use mynacard_core::exchange::Statistics;
use mynacard_core::field::DecodeLimits;
use mynacard_core::field::{BirthDate, NotUnderstood, Sex, Text};
use mynacard_core::medical::{FileSource, MedicalView, PersonalText};
use mynacard_core::reading::{EarlyPart, read_facts};
use mynacard_core::trust::x509::NoRevocationSource;
use mynacard_core::{
    CardTransport, Clock, Encounter, Event, Examined, Limits, Plan, Roots, Scope, Timestamp,
    VerificationNumberB, read, run,
};
use mynacard_sim::link::LinkModel;
use mynacard_sim::{Profile, PublicRoots, VirtualCard};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::link::{Link, PhaseClock, Phases};
use crate::scenario::{Answer, Scenario};
use crate::screen::Screen;
use crate::tablet::{Tablet, new_challenge, new_encounter, now};

/// Where the card is read.
pub(crate) enum Place {
    /// The scenario's virtual card, over a model of the air.
    Virtual(LinkModel),
    /// A card on a reader, with the file of the 14 digits that are printed on it: they are never
    /// guessed from the scenario, since a wrong number costs a try.
    Reader { name: String, digits: PathBuf },
}

/// Plays a scenario; what came of it, as JSON. Nothing of it is on a disk but in the folder to keep it in.
pub(crate) fn run_scenario(
    scenario: Scenario,
    place: Place,
    keep: Option<&Path>,
    screen: Screen,
) -> Result<Value> {
    if matches!(place, Place::Reader { .. }) && scenario.has_its_own_card() {
        bail!("the scenario {} comes with a card of its own: not on a reader", scenario.name());
    }
    let mut play = Play::open(scenario, place, keep, screen)?;
    play.dispatch();
    play.act()?;
    play.close()
}

/// One play of a scenario.
struct Play {
    scenario: Scenario,
    place: Place,
    screen: Screen,
    tablet: Tablet,
    crew: ShortId,
    encounter: Encounter<Drill>,
    /// Milliseconds that each phase took.
    phases: Phases,
    spent: Statistics,
    summary_shown: bool,
    permit_ended: bool,
}

impl Play {
    fn open(scenario: Scenario, place: Place, keep: Option<&Path>, screen: Screen) -> Result<Self> {
        let mut tablet = Tablet::new(keep)?;
        let crew = ShortId::new("crew-07")?;
        let (id, salt) = new_encounter()?;
        let mut encounter = Encounter::open(id, salt, PermitLife::ORDINARY, crew, now()?);
        tablet.record(&mut encounter)?;
        Ok(Self {
            scenario,
            place,
            screen,
            tablet,
            crew,
            encounter,
            phases: Phases::default(),
            spent: Statistics::default(),
            summary_shown: false,
            permit_ended: false,
        })
    }

    fn dispatch(&mut self) {
        let (ja, en) = self.scenario.dispatch();
        let title = "マイナ救急 — 訓練 (drill)。登場する人物・医療機関は架空です。";
        self.screen.line(&self.screen.bold(title));
        self.screen.heading("出場指令", "Dispatch");
        self.screen.line(&format!("    {ja}"));
        self.screen.line(&format!("    {en}"));
    }

    /// Everything up to one of the ways out, which it reports.
    fn act(&mut self) -> Result<()> {
        if !self.read_first_card()? || !self.check_face()? || !self.ask_consent()? {
            return Ok(());
        }
        if let Some(second) = self.scenario.second() {
            return self.meet_second_card(second);
        }
        if !self.view_summary()? {
            return Ok(());
        }
        if self.scenario == Scenario::Wakes {
            self.wake()?;
        }
        self.hand_over()
    }

    /// Reads the card and shows the face; false if that was the end of it.
    fn read_first_card(&mut self) -> Result<bool> {
        self.screen.heading("カード読取", "Reading the card");
        let Some(card) = self.scenario.card() else {
            self.screen.line("    カードが手元にありません。 No card at hand.");
            return self.leave(Event::EndNoCard);
        };
        let card = self.read_card(card, self.scenario.profile())?;
        if let Some(failure) = self.encounter.card_failed(card.reading(), self.crew, now()?)? {
            let fault =
                card.reading().face_verification().and_then(|verification| verification.fault());
            let advice = fault.map_or("", |fault| fault.info().advice_ja);
            self.screen.line(&self.screen.bold(&format!("    × {advice}")));
            self.record(failure)?;
            return self.leave(way_out_unread(failure));
        }
        self.take_card(card)?;
        if self.encounter.would_permit(now()?) == Err(Refusal::CardForged) {
            return self.leave(Event::EndForged);
        }
        Ok(true)
    }

    /// Opens a card with its printed digits, as a crew's camera or fingers would give them.
    fn read_card(&mut self, card: VirtualCard, profile: &Profile) -> Result<Examined> {
        let number = self.printed_number(profile)?;
        let mut link = match &self.place {
            Place::Virtual(model) => Link::modelled(card, model),
            Place::Reader { name, .. } => Link::on_reader(name)?,
        };
        let watch = link.watch();
        let plan = Plan::all().with_challenge(new_challenge()?);
        let mut driver = read(link.link(), Limits::default(), number, plan)?;
        let mut clock = PhaseClock::new(watch.clone());
        let (mut phases, mut first_face) = (std::mem::take(&mut self.phases), None);
        let reading = run_with(
            &mut driver,
            &mut link,
            |progress| clock.enter(progress.phase, &mut phases),
            |EarlyPart::Face(_)| first_face = Some(watch.millis()),
        )?;
        clock.leave(&mut phases);
        self.phases = phases;
        let before_facts = watch.millis();
        let mut facts = read_facts(link.link(), Limits::default())?;
        let facts_read = run(&mut facts, &mut link)?;
        self.phases.add("card-facts", watch.millis() - before_facts);
        self.spent += driver.statistics();
        self.spent += facts.statistics();
        let roots = Roots::from_json(PublicRoots::test().to_json().as_bytes())?;
        let checking = Instant::now();
        let clock = Clock::Trusted(now()?);
        let examined = reading.examine(Some(&facts_read), &roots, clock, &NoRevocationSource);
        self.phases.add("trust", millis(checking));
        if let Some(first_face) = first_face {
            self.phases.add("first-face", first_face);
        }
        Ok(examined)
    }

    /// The 14 digits from what is printed on the card.
    fn printed_number(&self, profile: &Profile) -> Result<VerificationNumberB> {
        if let Place::Reader { digits, .. } = &self.place {
            let text = fs::read_to_string(digits).map(Zeroizing::new);
            let text = text.with_context(|| format!("cannot read {}", digits.display()))?;
            return Ok(VerificationNumberB::from_digits(text.trim().as_bytes())?);
        }
        let Some(front) = profile.printed() else { bail!("nothing is printed on a phone") };
        self.screen.line("    券面の記載 (printed on the card):");
        for line in &front.lines {
            self.screen.line(&format!("      | {line}"));
        }
        let parts = PrintedParts::new(&front.birth_date, &front.expiry, &front.security_code);
        Ok(VerificationNumberB::from_printed(&parts)?)
    }

    /// Hands a reading to the encounter, and shows it.
    fn take_card(&mut self, card: Examined) -> Result<()> {
        self.show_card(&card)?;
        let event = match self.encounter.card_read(card, self.crew, now()?) {
            Err(NotTaken { card, error }) if error == Refusal::CardUnclear.into() => {
                let same = [('n', "別のカード another"), ('y', "同じカード the same")];
                let same = self.screen.ask("前に読み取ったカードと同じものですか", &same) == 'y';
                self.encounter.card_read_as(*card, same, self.crew, now()?)
            }
            taken => taken,
        };
        self.record(event.map_err(|not_taken| not_taken.error)?)
    }

    fn show_card(&mut self, card: &Examined) -> Result<()> {
        let reading = card.reading();
        let mut beside = vec![String::new(); 3];
        if let Some(attributes) = reading.attributes().value() {
            beside.push(format!("氏名      {}", shown(attributes.name(), Text::printable)));
            beside.push(format!("住所      {}", shown(attributes.address(), Text::printable)));
        }
        let Some(face) = reading.face().value() else { return Ok(()) };
        let today = now()?.date_in_japan();
        let birth = |birth: &BirthDate| {
            let birth = birth.date();
            let era = EraDate::of(birth).map(|era| format!("{era} ")).unwrap_or_default();
            format!("{era}({birth})  {}歳", birth.age_on(today))
        };
        beside.push(format!("生年月日  {}", shown(face.birth_date(), birth)));
        beside.push(format!("性別      {}", shown(face.sex(), Sex::japanese)));
        let expiry = shown(face.expiry(), |date| date);
        beside.push(format!("有効期限  {expiry} (署名対象外 unsigned)"));
        beside.push(String::new());
        for (name, took) in self.phases.iter() {
            beside.push(format!("{name:<18} {took:>7.1} ms"));
        }
        let spent = reading.statistics();
        let link = match &self.place {
            Place::Virtual(model) => format!("{} (想定値 modelled)", model.name),
            Place::Reader { .. } => "リーダー実測 by the clock".to_owned(),
        };
        beside.push(format!(
            "{} exchanges, {} bytes, {link}",
            spent.exchanges,
            spent.bytes_sent + spent.bytes_received
        ));
        let pixels = match face.photo().map(|photo| photo.decode(&DecodeLimits::DEFAULT)) {
            Some(Ok(pixels)) => Some(pixels),
            Some(Err(error)) => {
                beside.push(format!("顔写真を表示できません {error}"));
                None
            }
            None => None,
        };
        self.screen.photo(pixels.as_ref(), &beside);
        // The photo of somebody's card on a reader is never kept.
        if let (Some(pixels), Place::Virtual(_)) = (&pixels, &self.place)
            && let Some(path) = self.tablet.storage().keep_photo(pixels)?
        {
            self.screen.line(&format!("    photo (invented person): {}", path.display()));
        }
        self.screen.verdict(card.report());
        Ok(())
    }

    /// The crew compares faces; false if that was the end of it.
    fn check_face(&mut self) -> Result<bool> {
        self.screen.heading("目視による本人確認", "Is it the patient's card?");
        let expected = if self.scenario.face_matches() { ['y', 'n', 'u'] } else { ['n', 'y', 'u'] };
        let words = |letter| match letter {
            'y' => ('y', "一致 match"),
            'n' => ('n', "不一致 differ"),
            _ => ('u', "確認不可 cannot tell"),
        };
        match self.screen.ask("傷病者の顔と写真は一致しますか", &expected.map(words))
        {
            'y' => {
                self.tell(Event::FaceMatched)?;
                Ok(true)
            }
            'n' => {
                self.tell(Event::FaceDiffers)?;
                self.leave(Event::EndFaceDiffers)
            }
            _ => {
                self.tell(Event::FaceUnverifiable)?;
                self.leave(Event::EndFaceUnverifiable)
            }
        }
    }

    /// The crew asks for consent, or says why it cannot be had; false if that was the end of it.
    fn ask_consent(&mut self) -> Result<bool> {
        self.screen.heading("同意の確認", "Consent");
        let expected = match self.scenario.answer() {
            Answer::Given => ['y', 'r', 'n', 'u'],
            Answer::Refused => ['n', 'y', 'r', 'u'],
            Answer::Unobtainable => ['u', 'y', 'r', 'n'],
        };
        let words = |letter| match letter {
            'y' => ('y', "本人が口頭同意 patient consents"),
            'r' => ('r', "家族等が口頭同意 family consents"),
            'n' => ('n', "不同意 refuses"),
            _ => ('u', "意識なし・生命保護 unconscious, life protection"),
        };
        match self.screen.ask("医療情報の閲覧に同意しますか", &expected.map(words)) {
            'y' => self.tell(Event::ConsentByPatient)?,
            'r' => self.tell(Event::ConsentByRepresentative)?,
            'n' => {
                self.tell(Event::ConsentRefused)?;
                return self.leave(Event::EndRefused);
            }
            _ => self.tell(Event::Unconscious)?,
        }
        Ok(true)
    }

    /// A second card on the reader: nothing of the first may stand for it.
    fn meet_second_card(&mut self, second: &'static Profile) -> Result<()> {
        self.screen.heading("別のカード", "Another card on the reader");
        let card = self.read_card(second.card(), second)?;
        self.take_card(card)?;
        if let Err(refusal) = self.encounter.would_permit(now()?) {
            self.screen.line(&self.screen.bold(&format!("    × {}", refusal.info().advice_ja)));
            self.screen
                .line("      本人確認と同意は取り消されました。 Identity and consent are reset.");
        }
        self.leave(Event::EndWrongCard).map(drop)
    }

    /// Permit, recorded before anything is seen; then the summary. False if there was none.
    fn view_summary(&mut self) -> Result<bool> {
        self.screen.heading("閲覧許可と救急用サマリー", "Permit and emergency summary");
        let event = self.encounter.request_permit(Scope::Summary, self.crew, now()?)?;
        self.record(event)?;
        let permit = self.encounter.permit(now()?).context("no permit is in force")?;
        let (until, card) = (words_in_japan(permit.until()), permit.card().clone());
        let line = self.tablet.lines().saturating_sub(1);
        self.screen.line(&format!("    閲覧許可 ({line}行目の記録後に発行) {until}まで有効"));
        let asking = Instant::now();
        let mut source = self.source(card)?;
        let asked = now()?;
        let clock = || now().unwrap_or(asked);
        let event = self.encounter.fetch(&mut source, Scope::Summary, self.crew, clock)?;
        self.phases.add("summary", millis(asking));
        if let Some(event) = event {
            self.record(event)?;
            let reason = self.scenario.no_records();
            let text = reason.map_or("医療情報はありません", |reason| reason.japanese());
            self.screen.line(&self.screen.bold(&format!("    × {text}")));
            let way = match event {
                Event::NotRegistered => Event::EndNotRegistered,
                Event::CertificateExpired => Event::EndExpired,
                Event::NoSignal => Event::EndNoSignal,
                _ => Event::EndSourceDown,
            };
            return self.leave(way);
        }
        if let Some(view) = self.encounter.medical(now()?) {
            show_summary(&self.screen, view);
            self.summary_shown = true;
        }
        Ok(true)
    }

    /// The invented patient whose card it is; or a source that has nothing to give.
    fn source(&self, card: CardId) -> Result<FileSource> {
        let json = match self.scenario.no_records() {
            Some(reason) => format!(
                r#"{{"synthetic":true,"profile":"{}","about":"demo","answer":"{}"}}"#,
                self.scenario.profile().name(),
                reason.name().replace('_', "-")
            ),
            None => match self.scenario.profile().name() {
                "long-name" => include_str!("../../data/patients/long-name.json").to_owned(),
                _ => include_str!("../../data/patients/adult.json").to_owned(),
            },
        };
        Ok(FileSource::from_json(json.as_bytes(), card)?)
    }

    /// The patient wakes: the permit ends, and the crew asks.
    fn wake(&mut self) -> Result<()> {
        self.screen.heading("意識回復", "The patient wakes");
        self.tell(Event::PatientAwake)?;
        self.permit_ended = self.encounter.permit(now()?).is_none();
        self.screen
            .line("    閲覧許可は終了。本人に確認します。 The permit has ended; the crew asks.");
        match self
            .screen
            .ask("閲覧を続けてよいですか", &[('n', "拒否 refuses"), ('y', "同意 consents")])
        {
            'y' => self.tell(Event::ConsentByPatient),
            _ => self.tell(Event::ConsentRefused),
        }
    }

    /// The report for the hospital, and the end.
    fn hand_over(&mut self) -> Result<()> {
        self.screen.heading("病院への引き継ぎ", "Hand-over to the hospital");
        let (complaint, consciousness) = self.scenario.findings();
        let facts = self.encounter.crew_facts();
        facts.complaint = Some(PersonalText::new(complaint));
        facts.consciousness = Some(PersonalText::new(consciousness));
        facts.vitals.systolic = Some(152);
        facts.vitals.diastolic = Some(88);
        facts.vitals.pulse = Some(96);
        facts.vitals.oxygen = Some(97);
        let script = self.encounter.handover(now()?).script();
        for line in script.lines() {
            self.screen.line(&format!("    {line}"));
        }
        self.tell(Event::HandedOver)
    }

    /// Ends the encounter by a way out.
    fn leave(&mut self, way: Event) -> Result<bool> {
        self.screen.line("    通常の救急活動に移行します。 Back to ordinary activity.");
        self.tell(way)?;
        Ok(false)
    }

    /// Records an event, and stores it.
    fn tell(&mut self, event: Event) -> Result<()> {
        let event = self.encounter.record(event, self.crew, now()?)?;
        self.record(event)
    }

    /// Stores what waits in the encounter, and shows what it was.
    fn record(&mut self, event: Event) -> Result<()> {
        self.tablet.record(&mut self.encounter)?;
        self.screen.recorded(event);
        Ok(())
    }

    /// Verifies the log, and says how it all ended.
    fn close(mut self) -> Result<Value> {
        self.screen.heading("監査記録の検証", "Audit log");
        let (verdict, entries) = self.tablet.close_and_verify()?;
        let verified = verdict.is_intact() && verdict.taken == entries;
        let mark = if verified { "○ 改ざんなし intact" } else { "× 改ざんの疑い" };
        self.screen.line(&format!("    {entries} 行 lines, {mark}"));
        let code = self.encounter.way_out();
        let name = code.map_or("open", Event::name);
        let label = code.map_or("", Event::label_ja);
        let held = self.encounter.examined().is_some() || self.encounter.medical(now()?).is_some();
        let wiped = if held {
            "× 個人情報が残っています"
        } else {
            "個人情報は消去済み personal data wiped"
        };
        self.screen.line(&format!("    結果 {label} ({name})。{wiped}"));
        match self.tablet.finish()?.as_deref().map(Path::display) {
            None => self.screen.line(
                "    ディスクには何も書いていません(保存するには --keep DIR)。 Nothing was written to disk; --keep DIR keeps it.",
            ),
            Some(folder) => self.screen.line(&format!(
                "    保存先 kept in {folder}\n    mynacard audit verify {folder}/audit.jsonl --seal-key {folder}/seal-key.hex --tablet-key {folder}/tablet-key.hex"
            )),
        }
        Ok(json!({
            "scenario": self.scenario.name(),
            "outcome": name,
            "code": code.map(Event::code),
            "basis": basis_name(self.encounter.basis().fact),
            "summary_shown": self.summary_shown,
            "permit_ended": self.permit_ended,
            "audit": { "entries": entries, "verified": verified },
            "exchanges": self.spent.exchanges,
            "phases": self
                .phases
                .iter()
                .map(|(name, millis)| (name.to_owned(), json!(millis)))
                .collect::<Value>(),
        }))
    }
}

fn show_summary(screen: &Screen, view: &MedicalView) {
    screen.line("    受診した医療機関 (institutions, most telling first):");
    for visited in view.institutions(None).iter().take(4) {
        let departments: Vec<&str> = visited.departments.iter().map(|name| name.as_str()).collect();
        screen.line(&format!(
            "      {}  {}  {} 回、最終 {}",
            visited.institution.name.as_str(),
            departments.join("・"),
            visited.visits,
            visited.last
        ));
    }
    screen.line("    薬剤 (medicines):");
    let mut named: Vec<&str> = Vec::new();
    for medicine in view.medicines() {
        if named.contains(&medicine.name.as_str()) {
            continue;
        }
        named.push(medicine.name.as_str());
        let (name, when) = (medicine.name.as_str(), medicine.when);
        screen.line(&format!("      {name}  {when}  ({})", medicine.source.japanese()));
    }
    let surgeries =
        view.surgeries().iter().map(|item| format!("{}  {}", item.name.as_str(), item.when));
    show_list(screen, "手術 (surgery)", surgeries);
    let dialyses = view.dialyses().iter().map(|item| item.when.to_string());
    show_list(screen, "透析 (dialysis)", dialyses);
    let care = view.care().iter().map(|item| format!("{}  {}", item.name.as_str(), item.when));
    show_list(screen, "診療行為 (care)", care);
    // Of a check-up the summary has the date alone.
    let checkups = view.checkups().iter().map(|item| item.day.to_string());
    show_list(screen, "特定健診 (check-up)", checkups);
    for source in view.sources() {
        screen.line(&format!("      {}: {}", source.japanese(), source.age_japanese()));
    }
}

fn show_list(screen: &Screen, title: &str, items: impl ExactSizeIterator<Item = String>) {
    screen.line(&format!("    {title}: {} 件", items.len()));
    items.take(4).for_each(|item| screen.line(&format!("      {item}")));
}

const fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::NotAsked => "not-asked",
        Basis::PatientConsents | Basis::RepresentativeConsents => "oral-consent",
        Basis::LifeProtection => "life-protection",
        Basis::Refused => "refused",
        Basis::Withdrawn => "withdrawn",
    }
}

/// How an encounter goes on when its card could not be read.
const fn way_out_unread(failure: Event) -> Event {
    match failure {
        Event::CardLocked | Event::CardNearlyLocked => Event::EndLocked,
        _ => Event::EndUnreadable,
    }
}

/// Hour and minute in Japan, `9時05分`.
fn words_in_japan(at: Timestamp) -> String {
    const JAPAN_AHEAD_MINUTES: u64 = 9 * 60;
    let minutes = at.unix_seconds() / 60 + JAPAN_AHEAD_MINUTES;
    format!("{}時{:02}分", minutes / 60 % 24, minutes % 60)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// A value for the screen; one that is not understood as the card has it.
fn shown<T, S: ToString>(value: Result<T, &NotUnderstood>, show: impl FnOnce(T) -> S) -> String {
    value.map_or_else(|said| said.japanese().to_string(), |value| show(value).to_string())
}
