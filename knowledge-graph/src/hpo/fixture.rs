//! A small made-up release, in the forms of the real one.

use super::{Files, RareLayer, SourceFile};
use crate::Problem;

pub(super) const ONTOLOGY: &str = r#"format-version: 1.2
data-version: hp/releases/2030-01-01

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0000118
name: Phenotypic abnormality
is_a: HP:0000001 ! All

[Term]
id: HP:0000010
name: Abnormal liver
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0000011
name: Hepatitis
alt_id: HP:0000099
synonym: "Liver \"inflammation\"" EXACT layperson []
synonym: "Liver disease" BROAD []
is_a: HP:0000010 ! Abnormal liver

[Term]
id: HP:0000012
name: Tremor
synonym: "Shakes" EXACT layperson []
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0000013
name: Hand tremor
synonym: "Shaky hands" EXACT layperson [PMID:1]
is_a: HP:0000012 ! Tremor

[Term]
id: HP:0000014
name: Chest pain
synonym: "Pain in chest" EXACT layperson []
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0000015
name: Old tremor
is_obsolete: true
replaced_by: HP:0000012

[Term]
id: HP:0000016
name: Burning chest pain
synonym: "Burning in the chest" EXACT layperson []
is_a: HP:0000014 ! Chest pain

[Term]
id: HP:0003674
name: Onset
is_a: HP:0000001 ! All

[Term]
id: HP:0003584
name: Late onset
is_a: HP:0003674 ! Onset

[Term]
id: HP:0003577
name: Congenital onset
is_a: HP:0003674 ! Onset

[Typedef]
id: has_part
name: has_part
"#;

const HEAD: &str = "#description: \"made up\"\n#version: 2030-01-01\n\
    database_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\tmodifier\taspect\tbiocuration\n";

/// Disease, name, qualifier, term, reference, frequency, sex, aspect.
const ROWS: [[&str; 8]; 14] = [
    ["ORPHA:905", "Copper disease", "", "HP:0000011", "ORPHA:905", "HP:0040281", "", "P"],
    ["ORPHA:905", "Copper disease", "", "HP:0000013", "PMID:11", "3/4", "", "P"],
    ["ORPHA:905", "Copper disease", "", "HP:0000013", "PMID:12", "5/6", "", "P"],
    ["OMIM:277900", "COPPER DISEASE", "", "HP:0000010", "OMIM:277900", "", "", "P"],
    ["OMIM:277900", "COPPER DISEASE", "", "HP:0003577", "OMIM:277900", "", "", "C"],
    ["OMIM:1", "Quiet disease", "NOT", "HP:0000012", "PMID:13", "", "", "P"],
    ["OMIM:1", "Quiet disease", "", "HP:0000011", "PMID:13", "17%", "", "P"],
    ["OMIM:2", "Late disease", "", "HP:0000099", "PMID:14", "2/2", "", "P"],
    ["OMIM:2", "Late disease", "", "HP:0003584", "PMID:14", "", "", "C"],
    ["OMIM:3", "Male disease", "", "HP:0000012", "PMID:15", "9/10", "MALE", "P"],
    ["OMIM:4", "General disease", "", "HP:0000012", "PMID:16", "9/10", "", "P"],
    ["OMIM:5", "Myocardial infarction", "", "HP:0000014", "PMID:17", "", "", "P"],
    ["DECIPHER:7", "Chest disease", "", "HP:0000014", "PMID:18", "8/10", "", "P"],
    ["DECIPHER:7", "Chest disease", "", "HP:0000016", "PMID:18", "7/10", "", "P"],
];

pub(super) const CHINESE: &str = "source_language\ttranslation_language\tsubject_id\tpredicate_id\tsource_value\ttranslation_value\ttranslation_status\n\
    en\tzh\tHP:0000012\trdfs:label\tTremor\t震颤\tOFFICIAL\n\
    en\tzh\tHP:0000011\trdfs:label\tHepatitis\t肝炎\tOFFICIAL\n";

/// The annotation table.
pub(super) fn annotations() -> String {
    let rows = ROWS.iter().map(|[disease, name, qualifier, term, reference, frequency, sex, aspect]| {
        format!("{disease}\t{name}\t{qualifier}\t{term}\t{reference}\tPCS\t\t{frequency}\t{sex}\t\t{aspect}\tHPO:me\n")
    });
    HEAD.to_owned() + &rows.collect::<String>()
}

/// The three files read together.
pub(super) fn import(
    ontology: &str,
    annotations: &str,
    chinese: &str,
) -> Result<(RareLayer, Vec<Problem>), Vec<Problem>> {
    RareLayer::import(Files {
        ontology: SourceFile { name: "hp.obo", text: ontology },
        annotations: SourceFile { name: "phenotype.hpoa", text: annotations },
        chinese: Some(SourceFile { name: "zh.tsv", text: chinese }),
    })
}

/// The layer of the made-up release.
pub(super) fn layer() -> RareLayer {
    import(ONTOLOGY, &annotations(), CHINESE).unwrap().0
}
