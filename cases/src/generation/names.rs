//! Names, each as it is written in both languages. They are from many places and say nothing about
//! character, means or illness.

use knowledge_graph::{Bilingual, Language};

use super::dice::Dice;
use crate::{format::Sex, problem::both};

/// Chinese family names.
const FAMILIES: [(&str, &str); 24] = [
    ("Wang", "王"),
    ("Li", "李"),
    ("Zhang", "张"),
    ("Liu", "刘"),
    ("Chen", "陈"),
    ("Yang", "杨"),
    ("Huang", "黄"),
    ("Zhao", "赵"),
    ("Wu", "吴"),
    ("Zhou", "周"),
    ("Xu", "徐"),
    ("Sun", "孙"),
    ("Ma", "马"),
    ("Zhu", "朱"),
    ("Hu", "胡"),
    ("Guo", "郭"),
    ("He", "何"),
    ("Lin", "林"),
    ("Luo", "罗"),
    ("Liang", "梁"),
    ("Song", "宋"),
    ("Tang", "唐"),
    ("Feng", "冯"),
    ("Shen", "沈"),
];
/// Given names common among men born before about 1975, and after.
const OLDER_MEN: [(&str, &str); 10] = [
    ("Jianguo", "建国"),
    ("Guoqiang", "国强"),
    ("Zhiming", "志明"),
    ("Dehua", "德华"),
    ("Weimin", "为民"),
    ("Shuming", "树明"),
    ("Yongfu", "永福"),
    ("Changsheng", "长生"),
    ("Jiacai", "家才"),
    ("Wenbin", "文斌"),
];
const YOUNGER_MEN: [(&str, &str); 10] = [
    ("Haoran", "浩然"),
    ("Yuxuan", "宇轩"),
    ("Jun", "俊"),
    ("Lei", "磊"),
    ("Bo", "波"),
    ("Zihao", "子豪"),
    ("Tao", "涛"),
    ("Kai", "凯"),
    ("Mingze", "明泽"),
    ("Yifan", "一凡"),
];
const OLDER_WOMEN: [(&str, &str); 10] = [
    ("Xiulan", "秀兰"),
    ("Guiying", "桂英"),
    ("Shuzhen", "淑珍"),
    ("Yulan", "玉兰"),
    ("Fenglan", "凤兰"),
    ("Aihua", "爱华"),
    ("Huifang", "慧芳"),
    ("Lijuan", "丽娟"),
    ("Yuzhen", "玉珍"),
    ("Meiling", "美玲"),
];
const YOUNGER_WOMEN: [(&str, &str); 10] = [
    ("Xinyi", "欣怡"),
    ("Jing", "静"),
    ("Yan", "燕"),
    ("Min", "敏"),
    ("Ziyu", "子瑜"),
    ("Wenjing", "文静"),
    ("Xue", "雪"),
    ("Jiaqi", "佳琪"),
    ("Shihan", "诗涵"),
    ("Lin", "琳"),
];
/// Names from elsewhere, family name last in Latin letters unless the place writes it first.
const MEN: [(&str, &str, &str); 18] = [
    ("Thomas Wright", "托马斯·赖特", "wright"),
    ("Daniel Okafor", "丹尼尔·奥卡福", "okafor"),
    ("Omar Haddad", "奥马尔·哈达德", "haddad"),
    ("Carlos Mendoza", "卡洛斯·门多萨", "mendoza"),
    ("Kwame Mensah", "夸梅·门萨", "mensah"),
    ("Rajesh Nair", "拉杰什·奈尔", "nair"),
    ("Ivan Petrov", "伊万·彼得罗夫", "petrov"),
    ("Tanaka Hiroshi", "田中浩", "tanaka"),
    ("Kim Junho", "金俊浩", "kim"),
    ("Nguyen Van Minh", "阮文明", "nguyen"),
    ("Ahmet Yilmaz", "艾哈迈德·耶尔马兹", "yilmaz"),
    ("Liam Murphy", "利亚姆·墨菲", "murphy"),
    ("Mateus Silva", "马特乌斯·席尔瓦", "silva"),
    ("Alim Tursun", "阿里木·吐尔逊", "tursun"),
    ("Tenzin Dorje", "丹增多吉", "dorje"),
    ("Marco Bianchi", "马尔科·比安基", "bianchi"),
    ("Lars Hansen", "拉尔斯·汉森", "hansen"),
    ("Farid Karimi", "法里德·卡里米", "karimi"),
];
const WOMEN: [(&str, &str, &str); 18] = [
    ("Helen Walker", "海伦·沃克", "walker"),
    ("Amina Yusuf", "阿米娜·优素福", "yusuf"),
    ("Layla Mansour", "莱拉·曼苏尔", "mansour"),
    ("Elena Petrova", "叶莲娜·彼得罗娃", "petrova"),
    ("Grace Osei", "格蕾丝·奥塞", "osei"),
    ("Priya Sharma", "普里娅·夏尔马", "sharma"),
    ("Maria Lopez", "玛丽亚·洛佩斯", "lopez"),
    ("Sato Yuki", "佐藤由纪", "sato"),
    ("Park Minji", "朴敏智", "park"),
    ("Tran Thi Lan", "陈氏兰", "tran"),
    ("Zeynep Kaya", "泽伊内普·卡亚", "kaya"),
    ("Siobhan Kelly", "希沃恩·凯利", "kelly"),
    ("Ana Costa", "安娜·科斯塔", "costa"),
    ("Gulnar Ahmat", "古丽娜尔·艾合买提", "ahmat"),
    ("Dolma Tsering", "卓玛次仁", "tsering"),
    ("Giulia Romano", "朱莉娅·罗马诺", "romano"),
    ("Ingrid Larsen", "英格丽德·拉森", "larsen"),
    ("Shirin Ahmadi", "希琳·艾哈迈迪", "ahmadi"),
];

/// Age from which the older given names are drawn.
const OLDER: u8 = 48;

/// A name and the family name in lower-case Latin letters.
pub(super) fn draw(sex: Sex, age: u8, language: Option<Language>, dice: &mut Dice) -> (Bilingual, String) {
    let chinese = match language {
        Some(Language::Zh) => 0.9,
        Some(Language::En) => 0.25,
        None => 0.5,
    };
    let is_chinese = dice.chance(chinese);
    let family = dice.index(FAMILIES.len());
    let given = dice.index(OLDER_MEN.len());
    let elsewhere = dice.index(MEN.len());
    if is_chinese {
        let list = match (sex, age >= OLDER) {
            (Sex::Male, true) => &OLDER_MEN,
            (Sex::Male, false) => &YOUNGER_MEN,
            (Sex::Female, true) => &OLDER_WOMEN,
            (Sex::Female, false) => &YOUNGER_WOMEN,
        };
        let ((family_en, family_zh), (given_en, given_zh)) = (FAMILIES[family], list[given]);
        return (both(format!("{family_en} {given_en}"), format!("{family_zh}{given_zh}")), family_en.to_lowercase());
    }
    let (en, zh, family) = if sex == Sex::Male { MEN[elsewhere] } else { WOMEN[elsewhere] };
    (both(en, zh), family.to_owned())
}
