//! Groups of students: who teaches them, who is in them, the code by which students join.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params, params_from_iter};
use uuid::Uuid;

use super::{Entity, Scope, Store, StoreError, User, accounts, column};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// Id.
    pub id: Uuid,
    /// Name shown.
    pub name: String,
    /// Whose group; none when the account is gone.
    pub teacher: Option<Uuid>,
    /// The teacher's name as shown.
    pub teacher_name: Option<String>,
    /// What students type to join; none while nobody can.
    pub code: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// Students in it.
    pub members: u32,
}

/// Somebody who is or was in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub student: Uuid,
    /// Name as shown.
    pub name: String,
    /// When the student joined.
    pub joined: Timestamp,
    /// When it ended; none while it lasts.
    pub ended: Option<Timestamp>,
    /// Whether the student was taken out, rather than left.
    pub removed: bool,
}

/// How a membership ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The student leaves.
    Left,
    /// This teacher takes the student out.
    RemovedBy(Uuid),
}

const GROUP: &str = "SELECT g.id, g.name, g.teacher, users.name AS teacher_name, g.code, g.created,
    (SELECT count(*) FROM group_members AS m WHERE m.group_id = g.id AND m.ended IS NULL) AS members
    FROM class_groups AS g LEFT JOIN users ON users.id = g.teacher";

/// A condition on `column` that holds for the students of `scope`, and its values.
pub(super) fn among(scope: Scope, column: &str) -> (String, Vec<String>) {
    match scope {
        Scope::Everyone => (format!("{column} IN (SELECT id FROM users WHERE role = 'student')"), Vec::new()),
        Scope::Teacher(id) => (
            format!(
                "{column} IN (SELECT m.student FROM group_members AS m JOIN class_groups AS g ON g.id = m.group_id
                     WHERE g.teacher = ?1 AND m.ended IS NULL)"
            ),
            vec![id.to_string()],
        ),
        Scope::Group(id) => (
            format!("{column} IN (SELECT m.student FROM group_members AS m WHERE m.group_id = ?1 AND m.ended IS NULL)"),
            vec![id.to_string()],
        ),
    }
}

impl Store {
    /// Makes a group that `teacher` teaches; students join by `code`.
    ///
    /// # Errors
    /// [`StoreError::CodeTaken`].
    pub async fn create_group(
        &self,
        name: String,
        teacher: Uuid,
        code: String,
        now: Timestamp,
    ) -> Result<Uuid, StoreError> {
        let id = column::new_id(now);
        self.write(move |db| {
            free(db, &code)?;
            db.execute(
                "INSERT INTO class_groups (id, name, teacher, code, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id.to_string(), name, teacher.to_string(), code, column::micros(now)],
            )?;
            Ok(id)
        })
        .await
    }

    /// Whether any group exists.
    pub async fn has_groups(&self) -> Result<bool, StoreError> {
        self.read(|db| Ok(db.prepare_cached("SELECT 1 FROM class_groups")?.exists([])?)).await
    }

    /// The groups of `teacher`, or all, by name.
    pub async fn groups(&self, teacher: Option<Uuid>) -> Result<Vec<GroupRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("{GROUP} WHERE ?1 IS NULL OR g.teacher = ?1 ORDER BY g.name, g.id");
            let teacher = teacher.map(|id| id.to_string());
            Ok(db.prepare_cached(&sql)?.query_map([teacher], group_from)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The group of that id.
    pub async fn group(&self, id: Uuid) -> Result<Option<GroupRecord>, StoreError> {
        self.read(move |db| {
            let sql = format!("{GROUP} WHERE g.id = ?1");
            Ok(db.prepare_cached(&sql)?.query_row([id.to_string()], group_from).optional()?)
        })
        .await
    }

    /// The groups that a student is in, and those the student left or was taken out of, with how that
    /// stands.
    pub async fn groups_of(&self, student: Uuid) -> Result<Vec<(GroupRecord, Membership)>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT group_id FROM group_members WHERE student = ?1 ORDER BY joined";
            let ids: Vec<Uuid> = db
                .prepare_cached(sql)?
                .query_map([student.to_string()], |row| column::parsed(row, "group_id"))?
                .collect::<Result<_, _>>()?;
            let mut found = Vec::new();
            for id in ids {
                let group =
                    db.prepare_cached(&format!("{GROUP} WHERE g.id = ?1"))?.query_row([id.to_string()], group_from)?;
                let membership = members(db, id)?.into_iter().find(|one| one.student == student);
                found.extend(membership.map(|membership| (group, membership)));
            }
            Ok(found)
        })
        .await
    }

    /// Changes the code by which students join; none closes the group.
    ///
    /// # Errors
    /// [`StoreError::CodeTaken`], [`StoreError::NotFound`].
    pub async fn set_group_code(&self, id: Uuid, code: Option<String>) -> Result<(), StoreError> {
        self.write(move |db| {
            if let Some(code) = &code {
                free(db, code)?;
            }
            found(db.execute("UPDATE class_groups SET code = ?2 WHERE id = ?1", params![id.to_string(), code])?)
        })
        .await
    }

    /// Puts a student into the group with this code, and gives the group's id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no group can be joined by it.
    pub async fn join_group(&self, code: String, student: Uuid, now: Timestamp) -> Result<Uuid, StoreError> {
        self.write(move |db| {
            let id: Option<String> = db
                .prepare_cached("SELECT id FROM class_groups WHERE code = ?1")?
                .query_row([code], |row| row.get(0))
                .optional()?;
            let id = id.ok_or(StoreError::NotFound(Entity::Group))?;
            db.execute(
                "INSERT INTO group_members (group_id, student, joined) VALUES (?1, ?2, ?3)
                 ON CONFLICT (group_id, student) DO UPDATE SET ended = NULL, removed_by = NULL",
                params![id, student.to_string(), column::micros(now)],
            )?;
            id.parse().map_err(|_| StoreError::NotFound(Entity::Group))
        })
        .await
    }

    /// Who is in the group, then who was, each by name.
    pub async fn members(&self, group: Uuid) -> Result<Vec<Membership>, StoreError> {
        self.read(move |db| members(db, group)).await
    }

    /// Ends a membership; the row stays for undoing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the student is not in the group.
    pub async fn end_membership(
        &self,
        group: Uuid,
        student: Uuid,
        ending: Ending,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let remover = match ending {
            Ending::Left => None,
            Ending::RemovedBy(teacher) => Some(teacher.to_string()),
        };
        self.write(move |db| {
            found(db.execute(
                "UPDATE group_members SET ended = ?3, removed_by = ?4
                 WHERE group_id = ?1 AND student = ?2 AND ended IS NULL",
                params![group.to_string(), student.to_string(), column::micros(now), remover],
            )?)
        })
        .await
    }

    /// Takes back the end of a membership. A student cannot take back being taken out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nothing of the kind ended.
    pub async fn resume_membership(&self, group: Uuid, student: Uuid, by_student: bool) -> Result<(), StoreError> {
        self.write(move |db| {
            found(db.execute(
                "UPDATE group_members SET ended = NULL, removed_by = NULL
                 WHERE group_id = ?1 AND student = ?2 AND ended IS NOT NULL AND (?3 = 0 OR removed_by IS NULL)",
                params![group.to_string(), student.to_string(), by_student],
            )?)
        })
        .await
    }

    /// The students in `scope`, by login.
    pub async fn students(&self, scope: Scope) -> Result<Vec<User>, StoreError> {
        self.read(move |db| {
            let (among, values) = among(scope, "users.id");
            accounts::students(db, &among, params_from_iter(values))
        })
        .await
    }

    /// Whether the student is in `scope`.
    pub async fn is_in(&self, scope: Scope, student: Uuid) -> Result<bool, StoreError> {
        self.read(move |db| {
            let (among, mut values) = among(scope, "users.id");
            values.push(student.to_string());
            let sql = format!("SELECT 1 FROM users WHERE {among} AND users.id = ?{}", values.len());
            Ok(db.prepare_cached(&sql)?.exists(params_from_iter(values))?)
        })
        .await
    }
}

fn free(db: &Transaction<'_>, code: &str) -> Result<(), StoreError> {
    let taken = db.prepare_cached("SELECT 1 FROM class_groups WHERE code = ?1")?.exists([code])?;
    if taken { Err(StoreError::CodeTaken) } else { Ok(()) }
}

fn found(changed: usize) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::NotFound(Entity::Group)) } else { Ok(()) }
}

fn members(db: &Transaction<'_>, group: Uuid) -> Result<Vec<Membership>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT m.student, users.name, m.joined, m.ended, m.removed_by IS NOT NULL AS removed
         FROM group_members AS m JOIN users ON users.id = m.student
         WHERE m.group_id = ?1 ORDER BY m.ended IS NOT NULL, users.name, users.id",
    )?;
    let membership = |row: &Row<'_>| {
        Ok(Membership {
            student: column::parsed(row, "student")?,
            name: row.get("name")?,
            joined: column::instant(row, "joined")?,
            ended: column::optional_instant(row, "ended")?,
            removed: row.get("removed")?,
        })
    };
    Ok(query.query_map([group.to_string()], membership)?.collect::<Result<_, _>>()?)
}

fn group_from(row: &Row<'_>) -> rusqlite::Result<GroupRecord> {
    Ok(GroupRecord {
        id: column::parsed(row, "id")?,
        name: row.get("name")?,
        teacher: column::optional(row, "teacher")?,
        teacher_name: row.get("teacher_name")?,
        code: row.get("code")?,
        created: column::instant(row, "created")?,
        members: row.get("members")?,
    })
}
