//! Reading a release and keeping it.

use proptest::prelude::*;
use rstest::rstest;

use super::{
    RareLayer, StoredError,
    fixture::{CHINESE, ONTOLOGY, annotations, import, layer},
};

#[test]
fn a_stored_layer_is_the_same_layer() {
    let layer = layer();

    let again = RareLayer::from_bytes(&layer.to_bytes()).unwrap();

    assert_eq!(again.stats(), layer.stats());
    assert_eq!(again.to_bytes(), layer.to_bytes());
    assert_eq!(again.children, layer.children);
}

#[test]
fn two_imports_of_one_release_are_the_same_bytes() {
    assert_eq!(layer().to_bytes(), layer().to_bytes());
}

#[test]
fn everything_is_counted() {
    let stats = layer().stats();

    assert_eq!((stats.diseases, stats.annotations, stats.terms), (8, 14, 11));
    assert_eq!((stats.excluded, stats.with_frequency, stats.with_pubmed), (1, 9, 11));
    assert_eq!((stats.terms_in_chinese, stats.lay_words), (2, 5));
}

#[test]
fn a_foreign_an_older_and_a_cut_file_are_told_apart() {
    let bytes = layer().to_bytes();
    let mut older = bytes.clone();
    older[8] = 0;

    assert_eq!(RareLayer::from_bytes(b"something").unwrap_err(), StoredError::Foreign);
    assert_eq!(RareLayer::from_bytes(&older).unwrap_err(), StoredError::OtherVersion);
    assert_eq!(RareLayer::from_bytes(&bytes[..bytes.len() - 1]).unwrap_err(), StoredError::Damaged);
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unnoticed(at in 0_usize..1_000_000, by in 1_u8..) {
        let mut bytes = layer().to_bytes();
        let at = at % bytes.len();
        bytes[at] = bytes[at].wrapping_add(by);

        prop_assert!(RareLayer::from_bytes(&bytes).is_err());
    }
}

#[rstest]
#[case("ORPHA:905\t", "ORPHANUM:905\t", 4, "ORPHA:905")]
#[case("HP:0000011\tORPHA", "HP:11\tORPHA", 4, "seven digits")]
#[case("HP:0000011\tORPHA", "HP:7777777\tORPHA", 4, "of one release")]
#[case("3/4", "5/4", 5, "n/m")]
#[case("\tNOT\t", "\tNEVER\t", 9, "write NOT or nothing")]
#[case("\tMALE\t", "\tBOTH\t", 13, "MALE, FEMALE or nothing")]
#[case("Copper disease\t\t", "Copper disease\t", 4, "needs 12")]
#[case("PMID:11\t", "\t", 5, "a reference")]
#[case("17%\t\t\tP", "17%\t\t\tQ", 10, "P, I, C, M or H")]
#[case("database_id", "id", 3, "the columns")]
#[case("#version: 2030-01-01", "#v", 1, "release is unknown")]
fn a_wrong_row_is_named_with_its_line_and_mend(
    #[case] old: &str,
    #[case] new: &str,
    #[case] line: usize,
    #[case] mend: &str,
) {
    let text = annotations();
    assert!(text.contains(old), "{old:?}");

    let problems = import(ONTOLOGY, &text.replacen(old, new, 1), CHINESE).unwrap_err();

    let first = &problems[0];
    assert_eq!((first.file.as_str(), first.line), ("phenotype.hpoa", line), "{first}");
    assert!(first.message.contains(mend), "{first}");
}

#[rstest]
#[case("is_a: HP:0000010 !", "is_a: HP:0000404 !", 24, "unaltered hp.obo")]
#[case("name: Hepatitis\n", "", 18, "name: …")]
#[case("id: HP:0000013", "id: HP:0000012", 32, "keep one of the two")]
#[case("is_a: HP:0000001 ! All", "is_a: HP:0000010 ! Circle", 13, "break the circle")]
#[case("EXACT layperson []", "SAME layperson []", 22, "not a synonym")]
#[case("data-version", "data", 1, "release is unknown")]
fn a_wrong_term_is_named_with_its_line_and_mend(
    #[case] old: &str,
    #[case] new: &str,
    #[case] line: usize,
    #[case] mend: &str,
) {
    assert!(ONTOLOGY.contains(old), "{old:?}");

    let problems = import(&ONTOLOGY.replacen(old, new, 1), &annotations(), CHINESE).unwrap_err();

    let first = &problems[0];
    assert_eq!((first.file.as_str(), first.line), ("hp.obo", line), "{problems:?}");
    assert!(first.message.contains(mend), "{first}");
}

#[rstest]
#[case("translation_language", "language", 1, "Babelon")]
#[case("en\tzh\tHP:0000012", "en\tfr\tHP:0000012", 2, "not Chinese")]
#[case("\t肝炎\tOFFICIAL", "\t肝炎", 3, "columns")]
fn a_wrong_name_is_named_with_its_line_and_mend(
    #[case] old: &str,
    #[case] new: &str,
    #[case] line: usize,
    #[case] mend: &str,
) {
    let problems = import(ONTOLOGY, &annotations(), &CHINESE.replacen(old, new, 1)).unwrap_err();

    assert_eq!((problems[0].file.as_str(), problems[0].line), ("zh.tsv", line), "{problems:?}");
    assert!(problems[0].message.contains(mend), "{}", problems[0]);
}

#[test]
fn a_chinese_name_of_an_unknown_term_is_left_out_with_a_warning() {
    let chinese = CHINESE.replace("HP:0000012", "HP:0000404");

    let (layer, warnings) = import(ONTOLOGY, &annotations(), &chinese).unwrap();

    assert_eq!(layer.stats().terms_in_chinese, 1);
    assert!(warnings[0].message.contains("HP:0000404"), "{}", warnings[0]);
}
