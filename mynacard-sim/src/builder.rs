//! Issuing a card: files, access rules, keys and counters; and replacing any of them.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::card::{Behaviour, VirtualCard};
use crate::files::{
    Access, Application, DataFile, Df, Ef, Filler, PinFile, Secret, SigningFile, Tries,
};
use crate::keys::TestKey;

/// A card that has been issued but not handed out: everything on it can still be replaced.
///
/// This is where forgeries are made. Some, in terms of what is here:
///
/// - a copied dump: the files of one card, no signing keys ([`signing_key`](Self::signing_key)
///   with `None`) or another card's;
/// - a record of card A on card B: [`file_content`](Self::file_content) of one into
///   [`replace_file`](Self::replace_file) of the other;
/// - a swapped photo: change [`CardSpec::holder`](crate::CardSpec), keep the old signature with
///   [`FaceRecord::with_signature`](crate::records::FaceRecord::with_signature);
/// - a self-made root: [`Issuer::rogue`](crate::Issuer::rogue) as the spec's issuer.
#[derive(Clone)]
pub struct CardBuilder {
    label: String,
    applications: Vec<Df>,
    beside: Vec<Vec<u8>>,
    objects: BTreeMap<u16, Vec<u8>>,
    behaviour: Behaviour,
    accepts_any_matching: bool,
}

impl CardBuilder {
    pub(crate) fn empty(label: &str, behaviour: Behaviour) -> Self {
        CardBuilder {
            label: label.to_owned(),
            applications: Vec::new(),
            beside: Vec::new(),
            objects: BTreeMap::new(),
            behaviour,
            accepts_any_matching: false,
        }
    }

    /// The finished card.
    #[must_use]
    pub fn build(self) -> VirtualCard {
        let mut card =
            VirtualCard::new(self.label, self.applications, self.objects, self.behaviour);
        card.accepts_any_matching = self.accepts_any_matching;
        card.beside = self.beside;
        card
    }

    /// Adds an application of another issuer: it answers SELECT, and nothing in it is simulated.
    #[must_use]
    pub fn beside(mut self, aid: &[u8]) -> Self {
        self.beside.push(aid.to_vec());
        self
    }

    /// Content of a readable file without its filler (records one after the other).
    #[must_use]
    pub fn file_content(&self, application: Application, file: u16) -> Option<Vec<u8>> {
        match self.df(application)?.files.get(&file)? {
            Ef::Transparent(data) => Some(data.content.to_vec()),
            Ef::Records { records, .. } => Some(records.concat()),
            _ => None,
        }
    }

    /// Replaces a transparent file's content; access rule and size stay where the file exists,
    /// else it is made free to read and without filler.
    #[must_use]
    pub fn replace_file(mut self, application: Application, file: u16, content: &[u8]) -> Self {
        let files = self.files_mut(application);
        match files.get_mut(&file) {
            Some(Ef::Transparent(data)) => {
                let size = data.size();
                data.content = Zeroizing::new(content.to_vec());
                if data.filler != Filler::NONE {
                    data.filler = Filler::up_to(data.filler.byte, size, content.len());
                }
            }
            _ => {
                files.insert(file, transparent(content.to_vec(), Filler::NONE, Access::Free));
            }
        }
        self
    }

    /// Replaces the records of a record file, which is free to read unless it existed.
    #[must_use]
    pub fn replace_records(
        mut self,
        application: Application,
        file: u16,
        records: Vec<Vec<u8>>,
    ) -> Self {
        let files = self.files_mut(application);
        let access = match files.get(&file) {
            Some(Ef::Records { access, .. }) => access.clone(),
            _ => Access::Free,
        };
        files.insert(file, Ef::Records { records, access });
        self
    }

    /// Takes a file away: selecting it answers `6A82`.
    #[must_use]
    pub fn remove_file(mut self, application: Application, file: u16) -> Self {
        self.files_mut(application).remove(&file);
        self
    }

    /// Takes a whole application away: selecting it answers `6A82`.
    #[must_use]
    pub fn remove_application(mut self, application: Application) -> Self {
        self.applications.retain(|df| df.id != application);
        self
    }

    /// Sets who may read a file that exists.
    #[must_use]
    pub fn access(mut self, application: Application, file: u16, rule: Access) -> Self {
        match self.files_mut(application).get_mut(&file) {
            Some(Ef::Transparent(data)) => data.access = rule,
            Some(Ef::Records { access, .. }) => *access = rule,
            _ => {}
        }
        self
    }

    /// Sets how many filler bytes follow a transparent file's content.
    #[must_use]
    pub fn filler(mut self, application: Application, file: u16, byte: u8, count: usize) -> Self {
        if let Some(Ef::Transparent(data)) = self.files_mut(application).get_mut(&file) {
            data.filler = Filler { byte, count };
        }
        self
    }

    /// Sets or takes away a private key; the file stays and answers `6985` without one.
    #[must_use]
    pub fn signing_key(
        mut self,
        application: Application,
        file: u16,
        key: Option<TestKey>,
    ) -> Self {
        if let Some(Ef::Signing(signing)) = self.files_mut(application).get_mut(&file) {
            signing.key = key;
        }
        self
    }

    /// Sets what a key EF compares with.
    #[must_use]
    pub fn secret(mut self, application: Application, key: u16, secret: Secret) -> Self {
        if let Some(Ef::Pin(pin)) = self.files_mut(application).get_mut(&key) {
            pin.secret = secret;
        }
        self
    }

    /// Sets the tries left on a key EF, at most its maximum. Zero blocks it.
    #[must_use]
    pub fn tries_left(mut self, application: Application, key: u16, left: u8) -> Self {
        if let Some(Ef::Pin(PinFile { tries: Some(tries), .. })) =
            self.files_mut(application).get_mut(&key)
        {
            tries.left = left.min(tries.max);
        }
        self
    }

    /// Sets the tries after a success (at most 15, all left), or with `None` makes the key one
    /// without a limit, which answers a free query and a wrong secret with `6300`.
    #[must_use]
    pub fn tries_limit(mut self, application: Application, key: u16, limit: Option<u8>) -> Self {
        if let Some(Ef::Pin(pin)) = self.files_mut(application).get_mut(&key) {
            pin.tries = limit.map(|max| Tries { max: max.min(15), left: max.min(15) });
        }
        self
    }

    /// Sets or takes away a data object of the card manager (GET DATA).
    #[must_use]
    pub fn data_object(mut self, tag: u16, value: Option<Vec<u8>>) -> Self {
        match value {
            Some(value) => self.objects.insert(tag, value),
            None => self.objects.remove(&tag),
        };
        self
    }

    /// Sets how the chip behaves where chips differ.
    #[must_use]
    pub fn behaviour(mut self, change: impl FnOnce(&mut Behaviour)) -> Self {
        change(&mut self.behaviour);
        self
    }

    /// Sets the name for logs and messages.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    pub(crate) fn accepting_any_matching(mut self) -> Self {
        self.accepts_any_matching = true;
        self
    }

    pub(crate) fn add_application(&mut self, df: Df) {
        self.applications.push(df);
    }

    pub(crate) fn objects_mut(&mut self) -> &mut BTreeMap<u16, Vec<u8>> {
        &mut self.objects
    }

    fn df(&self, application: Application) -> Option<&Df> {
        self.applications.iter().find(|df| df.id == application)
    }

    fn files_mut(&mut self, application: Application) -> &mut BTreeMap<u16, Ef> {
        let at = match self.applications.iter().position(|df| df.id == application) {
            Some(at) => at,
            None => {
                self.applications.push(Df::new(application, None));
                self.applications.len() - 1
            }
        };
        #[allow(clippy::indexing_slicing, reason = "`at` was just found or pushed")]
        &mut self.applications[at].files
    }
}

pub(crate) fn transparent(content: Vec<u8>, filler: Filler, access: Access) -> Ef {
    Ef::Transparent(DataFile { content: Zeroizing::new(content), filler, access })
}

pub(crate) fn signing(key: Option<TestKey>, needs: Option<u16>) -> Ef {
    Ef::Signing(SigningFile { key, needs, internal_authentication: false })
}

/// A key EF with a secret, or blocked where there is none.
pub(crate) fn pin(secret: Option<&str>, max: u8) -> Ef {
    Ef::Pin(match secret {
        Some(secret) => PinFile::new(Secret::text(secret), max),
        None => PinFile::blocked(max),
    })
}
