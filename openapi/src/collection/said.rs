//! What a document says of its collections with `x-collection`, read and checked.

use crate::collection_role::CollectionRole;
use crate::source::typed;
use crate::{Act, Document, Operation, Problem, join};

impl Document {
    /// What `x-collection` says of an operation, if it can be read.
    pub(super) fn collection_role(&self, operation: &Operation) -> Option<CollectionRole> {
        self.read_collection_role(operation).ok().flatten()
    }

    fn read_collection_role(
        &self,
        operation: &Operation,
    ) -> Result<Option<CollectionRole>, Problem> {
        let at = join(&operation.pointer, "x-collection");
        let Some(value) = self.at(&at) else {
            return Ok(None);
        };
        let read = typed(value, &at).map_err(|misfit| {
            let problem = self.problem(&misfit.pointer, misfit.message);
            problem.cure(misfit.cure)
        });
        read.map(Some)
    }

    /// Checks what `x-collection` says of the operations.
    ///
    /// Fails with the place and the cure if it cannot be read, or names an operation or a parameter that is not there.
    pub fn check_collections(&self) -> Result<(), Problem> {
        for operation in self.operations() {
            if let Some(role) = self.read_collection_role(operation)? {
                self.check_role(operation, &role)?;
            }
        }
        Ok(())
    }

    fn check_role(&self, operation: &Operation, role: &CollectionRole) -> Result<(), Problem> {
        let at = join(&operation.pointer, "x-collection");
        let wrong = |key: &str, message: String, cure: &str| {
            Err(self.problem(&join(&at, key), message).cure(cure))
        };
        let Some(act) = role.does.act() else {
            return Ok(());
        };
        let lists = |id: &str| {
            let mut operations = self.operations().iter();
            operations.any(|one| one.id == id && one.method == "GET")
        };
        match (&role.list, act) {
            (Some(_), Act::List) => {
                let message = "`list` stands beside `does: list`, which is the list itself";
                return wrong("list", message.to_owned(), "take it out");
            }
            (Some(id), _) if !lists(id) => {
                let message = format!("`list` is `{id}`, which is no GET operation");
                return wrong("list", message, "name the `operationId` of the list");
            }
            _ => {}
        }
        if role.sets.is_some() != (act == Act::Set) {
            let (message, cure) = if act == Act::Set {
                let cure =
                    "say the properties and their values, as in `sets: { status: cancelled }`";
                ("`sets` is missing beside `does: set`", cure)
            } else {
                (
                    "`sets` stands beside another `does` than `set`",
                    "take it out",
                )
            };
            return wrong("sets", message.to_owned(), cure);
        }
        if role.key.is_some() && act != Act::List {
            let message = "`key` stands beside an operation that is no list";
            return wrong("key", message.to_owned(), "say it where the list stands");
        }
        if let Some(refers) = &role.refers {
            if act != Act::List {
                let message = "`refers` stands beside an operation that is no list";
                return wrong("refers", message.to_owned(), "say it where the list stands");
            }
            if let Some((name, id)) = refers.iter().find(|(_, id)| !lists(id)) {
                let message = format!("`{name}` is `{id}`, which is no GET operation");
                let cure = "name the `operationId` of the list whose items it names";
                let at = join(&join(&at, "refers"), name);
                return Err(self.problem(&at, message).cure(cure));
            }
        }
        if act.is_of_item() && operation.path.parameters().next().is_none() {
            let word = act.word();
            let message = format!("`does` is `{word}`, and the path has no parameter for a key");
            return wrong("does", message, "say `create`, `list` or `nothing`");
        }
        Ok(())
    }
}
