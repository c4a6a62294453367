//! Invented people for the demo centre: the same number is always the same person. Knows no ids.

/// First names; as many as last names.
const FIRST: [&str; 64] = [
    "Nora", "Adam", "Lena", "Omar", "Clara", "Henrik", "Maya", "Victor", "Elise", "Jonas", "Priya",
    "Marco", "Helen", "Daniel", "Yuki", "Samuel", "Ines", "Lukas", "Amara", "Peter", "Sofia",
    "Anton", "Leila", "Simon", "Greta", "Rafael", "Hana", "Oscar", "Julia", "Karim", "Tessa",
    "Bruno", "Alma", "Felix", "Nadia", "Gavin", "Edith", "Ivan", "Rosa", "Martin", "Zara", "Emil",
    "Chloe", "Hugo", "Aisha", "Walter", "Petra", "Noel", "Vera", "Diego", "Marta", "Colin",
    "Selma", "Ruben", "Linda", "Pavel", "Irene", "Tariq", "Agnes", "Louis", "Mina", "Stefan",
    "Carla", "Erik",
];

/// Last names.
const LAST: [&str; 64] = [
    "Alder",
    "Bauer",
    "Castel",
    "Dunmore",
    "Eklund",
    "Farrow",
    "Garnier",
    "Holm",
    "Iversen",
    "Jansen",
    "Keller",
    "Lindgren",
    "Moreau",
    "Novak",
    "Okafor",
    "Pereira",
    "Quist",
    "Rahman",
    "Sandoval",
    "Tanaka",
    "Ulrich",
    "Varga",
    "Whitlock",
    "Yilmaz",
    "Zeller",
    "Ashby",
    "Bellamy",
    "Corbin",
    "Delacroix",
    "Emery",
    "Fontaine",
    "Grant",
    "Hadley",
    "Ingram",
    "Joubert",
    "Kovacs",
    "Larkin",
    "Mercer",
    "Nyberg",
    "Oakes",
    "Prentice",
    "Rossi",
    "Sterling",
    "Thorne",
    "Underhill",
    "Vogel",
    "Winslow",
    "Abbott",
    "Brennan",
    "Costa",
    "Draper",
    "Ellery",
    "Fischer",
    "Galloway",
    "Hartmann",
    "Ivanova",
    "Jarvis",
    "Kendall",
    "Lowell",
    "Marsh",
    "Norwood",
    "Orlov",
    "Preston",
    "Reyes",
];

/// How many people differ in their names; later ones get a number in their login name.
const COUNT: u32 = (FIRST.len() * LAST.len()) as u32;

/// A person of the demo centre.
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// `first.last` in lower case; nobody else has it.
    pub(super) login: String,
}

/// Person number `index`, counted from 0.
#[expect(
    clippy::indexing_slicing,
    reason = "both indexes are taken modulo the length"
)]
pub(super) fn person(index: u32) -> Person {
    let index = index as usize;
    let first = FIRST[index % FIRST.len()];
    // Each round through the first names shifts the last names by one.
    let last = LAST[(index + index / FIRST.len()) % LAST.len()];
    let mut login = format!("{first}.{last}").to_lowercase();
    let round = index / COUNT as usize;
    if round > 0 {
        login.push_str(&(round + 1).to_string());
    }
    Person { first, last, login }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_shares_a_login_name() {
        let logins: BTreeSet<String> = (0..3 * COUNT).map(|index| person(index).login).collect();
        assert_eq!(logins.len(), 3 * COUNT as usize);
    }

    #[test]
    fn the_same_number_is_the_same_person() {
        assert_eq!(person(0).login, person(0).login);
        assert_ne!(person(0).login, person(COUNT).login);
    }
}
