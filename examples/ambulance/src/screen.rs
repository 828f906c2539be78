//! What the crew sees, in a terminal; and the questions that the crew answers.

use std::io::{self, BufRead, IsTerminal, Write};

use mynacard_core::Event;
use mynacard_core::field::Pixels;
use mynacard_core::trust::{Report, Verdict};

use crate::picture;

/// The terminal. Says nothing when the result is wanted as JSON.
pub(crate) struct Screen {
    silent: bool,
    asks: bool,
    colour: bool,
    step: usize,
}

impl Screen {
    /// A screen that asks the crew only where somebody can answer.
    pub(crate) fn new(silent: bool, unattended: bool) -> Self {
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        let colour = (io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            || std::env::var_os("CLICOLOR_FORCE").is_some();
        Self { silent, asks: terminal && !unattended && !silent, colour, step: 0 }
    }

    /// A line.
    pub(crate) fn line(&self, text: &str) {
        if !self.silent {
            println!("{text}");
        }
    }

    /// The heading of the next step.
    pub(crate) fn heading(&mut self, ja: &str, en: &str) {
        self.step += 1;
        let number = self.step;
        self.line("");
        self.line(&self.bold(&format!("{number:>2}  {ja}  {en}")));
    }

    /// Text in bold, where there is colour.
    pub(crate) fn bold(&self, text: &str) -> String {
        if self.colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// The photo beside lines of text.
    pub(crate) fn photo(&self, pixels: Option<&Pixels>, beside: &[String]) {
        let picture = pixels.map(|pixels| picture::lines(pixels, self.colour)).unwrap_or_default();
        let rows = picture.len().max(beside.len());
        for row in 0..rows {
            let left = picture.get(row).cloned().unwrap_or_default();
            let pad = if picture.get(row).is_some() { 0 } else { picture::COLUMNS };
            let pad = if picture.is_empty() { 0 } else { pad };
            let right = beside.get(row).map_or("", String::as_str);
            self.line(&format!("    {left}{}  {right}", " ".repeat(pad)));
        }
    }

    /// The verdict on the card, in one line that a crew member understands.
    pub(crate) fn verdict(&self, report: &Report) {
        let mark = match report.verdict() {
            Verdict::GenuineLive => "○",
            Verdict::Forged | Verdict::Contradictory => "×",
            _ => "△",
        };
        self.line(&self.bold(&format!("    {mark} {}", report.verdict().ja())));
        self.line(&format!("      {}", report.verdict().en()));
        for finding in report.findings() {
            self.line(&format!("      - {}", finding.ja()));
        }
    }

    /// What was written into the log.
    pub(crate) fn recorded(&self, event: Event) {
        self.line(&format!("      [記録 {}] {}  {}", event.code(), event.label_ja(), event.name()));
    }

    /// Asks a question with one-letter answers; the first is the scenario's.
    pub(crate) fn ask(&self, question: &str, choices: &[(char, &str)]) -> char {
        let expected = choices.first().map_or(' ', |(letter, _)| *letter);
        let offered: Vec<String> =
            choices.iter().map(|(letter, text)| format!("{letter}={text}")).collect();
        if !self.asks {
            let text = choices.first().map_or("", |(_, text)| *text);
            self.line(&format!("    ? {question} → {text}"));
            return expected;
        }
        let prompt = format!("    ? {question}  [{}] ", offered.join(", "));
        loop {
            print!("{prompt}(Enter = {expected}) ");
            let _ = io::stdout().flush();
            let mut answer = String::new();
            match io::stdin().lock().read_line(&mut answer) {
                Ok(0) | Err(_) => return expected,
                Ok(_) => {}
            }
            match answer.trim().chars().next() {
                None => return expected,
                Some(letter) if choices.iter().any(|(choice, _)| *choice == letter) => {
                    return letter;
                }
                Some(_) => {}
            }
        }
    }
}
