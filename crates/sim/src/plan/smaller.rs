//! Plans that ask for a little less: steps on the way to the smallest run that still fails.

use super::{Fault, Plan};

impl Plan {
    /// All plans that are one step smaller, the boldest steps first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut plans = Vec::new();
        let mut offer = |change: &dyn Fn(&mut Self)| {
            let mut plan = self.clone();
            change(&mut plan);
            if plan != *self {
                plans.push(plan);
            }
        };
        offer(&|plan| plan.people.iter_mut().for_each(|gestures| *gestures /= 2));
        for index in 0..self.people.len() {
            if self.people.len() > 1 {
                offer(&|plan| {
                    plan.people.remove(index);
                });
            }
        }
        offer(&|plan| plan.policies.clear());
        for (fault, _) in Fault::ALL {
            offer(&|plan| plan.faults.set(*fault, 0));
        }
        offer(&|plan| plan.undo = false);
        offer(&|plan| plan.wire = false);
        offer(&|plan| plan.kept = false);
        offer(&|plan| plan.tabs = 1);
        for index in 0..self.policies.len() {
            offer(&|plan| drop(plan.policies.remove(index)));
        }
        for (part, whole) in [(1, 2), (1, 4), (1, 8)] {
            for index in 0..self.people.len() {
                offer(&|plan| plan.people[index] -= plan.people[index] * part / whole);
            }
        }
        for index in 0..self.people.len() {
            offer(&|plan| plan.people[index] = plan.people[index].saturating_sub(1));
        }
        plans
    }
}
