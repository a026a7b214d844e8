import Clinic
import Drops
import Forms

extension PreparedCommand {
    /// Adds what the domain found to what the reading found: of two findings about one blank the domain's is told, for
    /// it says what the value is for.
    ///
    /// What may still come untrue does not take the place of a blank, which never will.
    func join(_ told: [Finding], to findings: inout [LocatedFinding]) {
        let blanks = self.findings.filter { $0.finding.rule == .Entry.missingField }
        var places: [Field: Place] = [:]
        for blank in blanks {
            guard told.contains(where: { speaks($0, ofBlank: blank.finding) }) else { continue }
            // Another form of the same message may lack the same field at the same place.
            guard let index = findings.firstIndex(where: { $0.finding == blank.finding && $0.place == blank.place })
            else { continue }
            findings.remove(at: index)
            for field in blank.finding.fields { places[field] = blank.place }
        }
        findings += told.map { locate($0, blanks: places) }
    }

    /// Whether a finding is about nothing but fields that are blank, among them all of a blank that was found.
    private func speaks(_ finding: Finding, ofBlank blank: Finding) -> Bool {
        finding.waitsFor.isEmpty && !blank.fields.isEmpty && blank.fields.allSatisfy { finding.fields.contains($0) }
            && finding.fields.allSatisfy { command.values[$0] == nil }
    }
}
