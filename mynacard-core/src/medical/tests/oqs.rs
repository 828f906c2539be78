//! Replies in XML: hand-written, in both encodings, broken and hostile.

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;

use super::super::oqs_unverified::{
    MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES, MAX_REPLY, MAX_TAGS, MAX_TEXT, Reply, read_into,
};
use super::*;
use crate::field::Sex;

const PERSON: &str = "<MessageHeader><QuaInf><Name>架空 太郎</Name><KanaName>カクウ タロウ</KanaName>\
    <Birth>19550302</Birth><AdmGendCode>1</AdmGendCode></QuaInf></MessageHeader>";

fn message(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XmlMsg>{PERSON}<MessageBody>{body}</MessageBody></XmlMsg>"
    )
}

const MEDICINES: &str = "
  <MeTrMonthInf>
    <DiOrg>1</DiOrg><MeTrDiHCd>1319999002</MeTrDiHCd><MeTrDiHNm>架空内科</MeTrDiHNm><MeTrMonth>202609</MeTrMonth>
    <DiDateInfs>
      <DiDateInf><DiDate>20260920</DiDate>
        <DrugInfs>
          <DrugInf><DrugC>620000001</DrugC><DrugN>架空薬A錠&#49;mg</DrugN><IngreN>成分A</IngreN><Qua1>3</Qua1>
            <Unit>錠</Unit><UsageN>1日3回</UsageN><SpInst>食後</SpInst><Times>14</Times><MeTrIdCl>21</MeTrIdCl></DrugInf>
          <DrugInf><DrugC>620000002</DrugC><Times>1.5</Times><NewThing>新項目</NewThing></DrugInf>
        </DrugInfs>
        <MeTrInfs>
          <MeTrInf><SinInfCd>160000001</SinInfCd><SinInfN>架空検査</SinInfN><MeTrIdCl>60</MeTrIdCl><Times>1</Times></MeTrInf>
        </MeTrInfs>
      </DiDateInf>
      <DiDateInf><DiDate/></DiDateInf>
    </DiDateInfs>
  </MeTrMonthInf>
  <MeTrMonthInf>
    <MeTrDiHCd>1349999011</MeTrDiHCd><MeTrDiHNm>架空薬局</MeTrDiHNm><PrlsHCd>1319999991</PrlsHCd>
    <PrlsHNm>架空病院</PrlsHNm><MeTrMonth>202610</MeTrMonth>
    <DiDateInfs><DiDateInf><DiDate>20261002</DiDate><PrDate>20261001</PrDate>
      <DrugInfs><DrugInf><DrugC>620000003</DrugC><DrugN>架空薬B</DrugN></DrugInf></DrugInfs>
    </DiDateInf></DiDateInfs>
  </MeTrMonthInf>
  <ShPrInf><ShPrMonthInf>
    <ShPrHCd>1319999991</ShPrHCd><ShPrHNm>架空病院</ShPrHNm><ShPrMonth>202611</ShPrMonth>
    <ShPrDateInfs><ShPrDateInf><ShPrDate>20261115</ShPrDate><ShDrugInfs><ShDrugInf>
      <ShDrugC>2189017F1023</ShDrugC><ShDrugN>架空薬C</ShDrugN></ShDrugInf></ShDrugInfs>
    </ShPrDateInf></ShPrDateInfs>
  </ShPrMonthInf></ShPrInf>
  <CzDiInf><CzDiMonthInf>
    <CzMeTrDiHCd>1349999011</CzMeTrDiHCd><CzMeTrDiHNm>架空薬局</CzMeTrDiHNm><CzPrlsHNm>架空病院</CzPrlsHNm>
    <CzDiMonth>202611</CzDiMonth>
    <CzDiDateInfs><CzDiDateInf><CzDiDate>20261116</CzDiDate><CzPrDate>20261115</CzPrDate><CzDrugInfs><CzDrugInf>
      <CzDrugC>2189017F1023</CzDrugC><CzDrugN><![CDATA[架空薬<C>]]></CzDrugN><CzTimes>28</CzTimes></CzDrugInf></CzDrugInfs>
    </CzDiDateInf></CzDiDateInfs>
  </CzDiMonthInf></CzDiInf>
  <Newcomer>まだ知らない項目</Newcomer>";

fn read(reply: &[u8]) -> Result<(Reply, Collected), MedicalFault> {
    let mut found = Collected::new();
    read_into(&mut found, reply).map(|reply| (reply, found))
}

fn full(body: &str) -> MedicalView {
    view(read(message(body).as_bytes()).unwrap().1, Scope::Full, NOW)
}

fn refused(body: &str) -> MedicalFault {
    read(message(body).as_bytes()).unwrap_err()
}

#[test]
fn the_three_blocks_are_read_each_with_its_source_and_places() {
    let view = full(MEDICINES);
    assert_eq!(view.origin(), Origin::UnverifiedLayout);
    let medicines: Vec<String> = view
        .medicines()
        .iter()
        .map(|item| {
            let place = |place: &Option<Institution>| {
                place.as_ref().map_or("-".to_owned(), |place| place.name.as_str().to_owned())
            };
            let (at, pharmacy) = (place(&item.institution), place(&item.pharmacy));
            format!("{} {} {:?} {at} {pharmacy}", item.when, item.name.as_str(), item.source)
        })
        .collect();
    assert_eq!(
        medicines,
        [
            "2026-11-16 架空薬<C> Dispensing 架空病院 架空薬局",
            "2026-11-15 架空薬C Prescription 架空病院 -",
            "2026-10-02 架空薬B Receipt 架空病院 架空薬局",
            "2026-09-20 名称の記載なし Receipt 架空内科 -",
            "2026-09-20 架空薬A錠1mg Receipt 架空内科 -",
        ]
    );
    let first = &view.medicines()[4];
    let text = |text: &Option<PersonalText>| text.as_ref().unwrap().as_str().to_owned();
    assert_eq!(
        [&first.ingredient, &first.quantity, &first.unit, &first.usage, &first.instruction]
            .map(text),
        ["成分A", "3", "錠", "1日3回", "食後"]
    );
    assert_eq!((first.times, view.medicines()[0].times), (Some(14), Some(28)));
    assert_eq!(view.care()[0].name.as_str(), "架空検査");
    let visits: Vec<String> = view
        .visits()
        .iter()
        .map(|visit| format!("{} {}", visit.when, visit.institution.name.as_str()))
        .collect();
    // The second date of the clinic has no day: the month stands for it.
    assert_eq!(visits, ["2026-10-01 架空病院", "2026-09 架空内科", "2026-09-20 架空内科"]);
    let unknown: Vec<String> = view
        .unknown()
        .iter()
        .map(|item| format!("{:?} {} {}", item.section, item.name.as_str(), item.value.as_str()))
        .collect();
    assert_eq!(
        unknown,
        ["Medicines Times 1.5", "Medicines NewThing 新項目", "Elsewhere Newcomer まだ知らない項目"]
    );
}

#[test]
fn both_encodings_say_the_same() {
    let utf8 = message(MEDICINES);
    let expected = view(read(utf8.as_bytes()).unwrap().1, Scope::Full, NOW);
    let marked = format!("\u{FEFF}{utf8}");
    for label in ["Shift_JIS", "shift_jis", "Windows-31J"] {
        let declared = utf8.replace("UTF-8", label);
        let (bytes, _, unmappable) = SHIFT_JIS.encode(&declared);
        assert!(!unmappable);
        let got = view(read(&bytes).unwrap().1, Scope::Full, NOW);
        assert!(got.medicines() == expected.medicines() && got.visits() == expected.visits());
    }
    let got = view(read(marked.as_bytes()).unwrap().1, Scope::Full, NOW);
    assert!(got.medicines() == expected.medicines());
    let undeclared = utf8.split_once("?>").unwrap().1.trim();
    assert!(read(undeclared.as_bytes()).is_ok());
}

#[test]
fn characters_in_another_encoding_are_refused() {
    let utf8 = message(MEDICINES);
    for label in ["UTF-16", "EUC-JP", "no-such"] {
        let declared = utf8.replace("UTF-8", label);
        assert_eq!(read(declared.as_bytes()).unwrap_err(), MedicalFault::BadEncoding, "{label}");
    }
    let (shift_jis, ..) = SHIFT_JIS.encode(&utf8);
    assert_eq!(read(&shift_jis).unwrap_err(), MedicalFault::BadEncoding);
    let mut broken = utf8.replace("UTF-8", "Shift_JIS").into_bytes();
    broken.push(0x81);
    assert_eq!(read(&broken).unwrap_err(), MedicalFault::BadEncoding);
    let utf16: Vec<u8> = utf8.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(read(&[&[0xFF, 0xFE], &*utf16].concat()).is_err());
}

#[test]
fn the_person_of_the_reply_is_held_against_the_card() {
    let (reply, _) = read(message("").as_bytes()).unwrap();
    let Reply::Read(holder) = reply else { panic!() };
    assert_eq!(format!("{holder:?}"), "Holder(…)");
    assert_eq!(holder.name.as_ref().unwrap().as_str(), "架空 太郎");
    let birth = b"19550302";
    assert_eq!(holder.check(birth, Some(Sex::Male)), Ok(()));
    assert_eq!(holder.check(birth, None), Ok(()));
    assert_eq!(holder.check(birth, Some(Sex::Female)), Err(MedicalFault::OtherPatient));
    assert_eq!(holder.check(b"19550303", None), Err(MedicalFault::OtherPatient));
    // A day that is not known is one on both sides, and no more than that; an unknown year tells nobody.
    let unknown = message("").replace("19550302", "19550300");
    let Reply::Read(unknown) = read(unknown.as_bytes()).unwrap().0 else { panic!() };
    assert_eq!(unknown.check(b"19550300", None), Ok(()));
    assert_eq!(unknown.check(birth, None), Err(MedicalFault::OtherPatient));
    let nobody = message("").replace("19550302", "00000000");
    let Reply::Read(nobody) = read(nobody.as_bytes()).unwrap().0 else { panic!() };
    assert_eq!(nobody.check(b"00000000", None), Err(MedicalFault::OtherPatient));
    let unstated = message("").replace("19550302", "昭和30年");
    let Reply::Read(holder) = read(unstated.as_bytes()).unwrap().0 else { panic!() };
    assert_eq!(holder.check(birth, None), Err(MedicalFault::OtherPatient));
}

#[test]
fn a_reply_without_result_is_a_value() {
    let (reply, found) = read(
        message("<ResultCode>2</ResultCode><MessageContents>該当なし</MessageContents>").as_bytes(),
    )
    .unwrap();
    assert!(matches!(reply, Reply::NoResult));
    assert!(view(found, Scope::Full, NOW).is_empty());
    assert!(matches!(
        read(message("<ResultCode>1</ResultCode>").as_bytes()),
        Ok((Reply::Read(_), _))
    ));
}

#[test]
fn checkups_are_read_with_their_results() {
    let body = "<SpecificHealthCheckupInfos><SpecificHealthCheckupInfo>
        <EffectiveTime>20260401</EffectiveTime><HealthCheckupResultAndQuestionInfos>
        <HealthCheckupResultAndQuestionInfo><ItemCode>9N001</ItemCode><ItemName>身長</ItemName>
        <DataType>PQ</DataType><DataValue>170.2</DataValue><Unit>cm</Unit></HealthCheckupResultAndQuestionInfo>
        <HealthCheckupResultAndQuestionInfo><ItemName>尿糖</ItemName><DataValue>1</DataValue>
        <DataValueName>-</DataValueName></HealthCheckupResultAndQuestionInfo>
        <HealthCheckupResultAndQuestionInfo><ItemName>未測定</ItemName></HealthCheckupResultAndQuestionInfo>
        </HealthCheckupResultAndQuestionInfos></SpecificHealthCheckupInfo></SpecificHealthCheckupInfos>";
    let message = message(body)
        .replace("QuaInf", "QualificationsInfo")
        .replace("Birth>", "Birthday>")
        .replace("AdmGendCode", "AdministrativeGenderCode");
    let (reply, found) = read(message.as_bytes()).unwrap();
    let Reply::Read(holder) = reply else { panic!() };
    assert_eq!(holder.check(b"19550302", Some(Sex::Male)), Ok(()));
    let view = view(found, Scope::Full, NOW);
    let results: Vec<_> = view.checkups()[0].results.iter().map(|r| r.value.as_str()).collect();
    assert_eq!(
        (view.checkups()[0].day.to_string().as_str(), results),
        ("2026-04-01", vec!["170.2", "-"])
    );
}

#[test]
fn missing_doubled_and_impossible_parts_are_told_apart() {
    let date = |inside: &str| {
        format!(
            "<MeTrMonthInf><DiDateInfs><DiDateInf>{inside}</DiDateInf></DiDateInfs></MeTrMonthInf>"
        )
    };
    assert_eq!(refused(&date("")), MedicalFault::Missing);
    assert_eq!(refused(&date("<DiDate>20260931</DiDate>")), MedicalFault::BadDate);
    assert_eq!(refused(&date("<DiDate>2026-09-30</DiDate>")), MedicalFault::BadDate);
    for month in ["2026", "202613", "2026年", "+20269"] {
        let body = format!("<MeTrMonthInf><MeTrMonth>{month}</MeTrMonth></MeTrMonthInf>");
        assert_eq!(refused(&body), MedicalFault::BadDate, "{month}");
    }
    let twice = "<DiDate>20260920</DiDate><DiDate>20260921</DiDate>";
    assert_eq!(refused(&date(twice)), MedicalFault::Duplicate);
    let nameless =
        "<DiDate>20260920</DiDate><DrugInfs><DrugInf><Qua1>1</Qua1></DrugInf></DrugInfs>";
    assert_eq!(refused(&date(nameless)), MedicalFault::Missing);
    assert_eq!(refused("<SpecificHealthCheckupInfo/>"), MedicalFault::Missing);
    let whole = message("");
    for (from, to) in [("XmlMsg", "Other"), ("MessageBody", "Body"), ("QuaInf", "Person")] {
        let error = read(whole.replace(from, to).as_bytes()).unwrap_err();
        assert_eq!(error, MedicalFault::Missing, "{from}");
    }
    // The same line twice in the same words is one; in other words it is two.
    let drug = "<DrugInf><DrugN>x</DrugN></DrugInf>";
    let body = format!("<DiDate>20260920</DiDate><DrugInfs>{drug}{drug}</DrugInfs>");
    assert_eq!(full(&date(&body)).medicines().len(), 1);
}

#[test]
fn a_failed_reply_adds_nothing() {
    let mut found = Collected::new();
    let body = format!("{MEDICINES}<SpecificHealthCheckupInfo/>");
    assert!(read_into(&mut found, message(&body).as_bytes()).is_err());
    let view = view(found, Scope::Full, NOW);
    assert!(view.is_empty());
    assert_eq!(view.origin(), Origin::Vendor);
}

#[test]
fn hostile_xml_is_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>\
        <XmlMsg>&b;</XmlMsg>";
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><XmlMsg/>";
    for hostile in [bomb, external, "<?php x ?><XmlMsg/>"] {
        assert_eq!(read(hostile.as_bytes()).unwrap_err(), MedicalFault::ForbiddenXml);
    }
    assert_eq!(refused("<A>&custom;</A>"), MedicalFault::ForbiddenXml);
    assert_eq!(refused("<?pi x?>"), MedicalFault::ForbiddenXml);
    let nested = |depth: usize| format!("{}{}", "<A>".repeat(depth), "</A>".repeat(depth));
    // Message and body are two; what is far too deep for any stack is refused like what just is.
    assert!(read(message(&nested(MAX_DEPTH - 2)).as_bytes()).is_ok());
    assert_eq!(refused(&nested(MAX_DEPTH - 1)), MedicalFault::TooDeep);
    assert_eq!(refused(&nested(MAX_TAGS / 2 - 50)), MedicalFault::TooDeep);
    assert_eq!(refused(&"<A>".repeat(50_000)), MedicalFault::BadXml);
    assert_eq!(refused(&format!("<A>{}</A>", "x".repeat(MAX_TEXT + 1))), MedicalFault::TooLarge);
    assert_eq!(
        refused(&format!("<A>{}</A>", "&amp;".repeat(MAX_TEXT + 1))),
        MedicalFault::TooLarge
    );
    assert_eq!(read(&vec![b' '; MAX_REPLY + 1]).unwrap_err(), MedicalFault::TooLarge);
    assert_eq!(refused(&"<A>x</A>".repeat(MAX_ITEMS + 1)), MedicalFault::TooManyItems);
    assert!(read(message(&"<A></A>".repeat(MAX_TAGS / 2 - 50)).as_bytes()).is_ok());
    for costly in ["<", "<A/>", "=", "<A a=''/>"] {
        assert_eq!(refused(&costly.repeat(MAX_TAGS + 1)), MedicalFault::TooManyItems, "{costly}");
    }
    let many = |count: usize, each: &dyn Fn(usize) -> String| {
        let body = (0..count).map(each).collect::<String>();
        read(message(&body).as_bytes()).map(drop)
    };
    let attributes = |count: usize| {
        let each: String = (0..count).map(|number| format!(" a{number} = 'x'")).collect();
        many(100, &|_| format!("<A{each}/>"))
    };
    assert_eq!(attributes(MAX_ATTRIBUTES), Ok(()));
    assert_eq!(attributes(MAX_ATTRIBUTES + 1), Err(MedicalFault::TooManyItems));
    let namespace = |number| format!("<A xmlns:a{number}='{number}'/>");
    assert_eq!(many(MAX_NAMESPACES, &namespace), Ok(()));
    assert_eq!(many(MAX_NAMESPACES + 1, &namespace), Err(MedicalFault::TooManyItems));
    for broken in [
        "",
        "x",
        "<XmlMsg>",
        "<XmlMsg></Other>",
        "<XmlMsg/><XmlMsg/>",
        "<XmlMsg/>x",
        "<a",
        "<XmlMsg>&#0;</XmlMsg>",
        "<XmlMsg a=1/>",
        "<?xml version=\"1.0\"",
        "<XmlMsg>\0</XmlMsg>",
    ] {
        assert_eq!(read(broken.as_bytes()).unwrap_err(), MedicalFault::BadXml, "{broken}");
    }
}

#[test]
fn text_in_pieces_is_kept_whole_or_refused() {
    let values = |body: &str| -> Vec<String> {
        full(body).unknown().iter().map(|item| item.value.as_str().to_owned()).collect()
    };
    assert_eq!(values("<A>1<![CDATA[0]]>&#48;<![CDATA[]]>mg</A>"), ["100mg"]);
    assert_eq!(values("<A> <!-- x --> 薬<!-- x --></A>"), ["薬"]);
    assert_eq!(values("<A>1<!-- x -->00<B/>mg</A>"), ["1", "00", "mg"]);
    assert_eq!(values("<A>a\r\nb\rc</A>"), ["a  b c"]);
    // Where one value is meant, its first piece alone would be a wrong one.
    let date = "<MeTrMonthInf><MeTrMonth>2026<!-- x -->09</MeTrMonth></MeTrMonthInf>";
    assert_eq!(refused(date), MedicalFault::Duplicate);
}

#[test]
fn a_number_field_cannot_come_through() {
    let view = full(
        "<MyNumber>123456789012</MyNumber><個人番号>1</個人番号><Memo>番号 123456789012</Memo>
         <Memo2>1234-5678-9012</Memo2>",
    );
    let values: Vec<&str> = view.unknown().iter().map(|item| item.value.as_str()).collect();
    assert_eq!(values, ["番号 ************", "****-****-****"]);
    assert_eq!(view.left_out().refused, 2);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_mutation_of_a_reply_makes_it_panic(
        at in 0usize..6000,
        with in prop::collection::vec(any::<u8>(), 0..4),
        cut in 0usize..8,
        encoded in any::<bool>(),
    ) {
        let text = message(MEDICINES);
        let mut bytes = if encoded {
            SHIFT_JIS.encode(&text.replace("UTF-8", "Shift_JIS")).0.into_owned()
        } else {
            text.into_bytes()
        };
        let start = at.min(bytes.len());
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, with);
        if let Ok((_, found)) = read(&bytes) {
            let view = view(found, Scope::Summary, NOW);
            prop_assert!(view.medicines().iter().all(|item| item.source != Source::Prescription));
        }
    }
}
