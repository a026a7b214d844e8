/// The rules about patients and their registration.
extension Rule {
    package enum PatientRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideRegistration(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func decidePatient(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func decideRecords(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }
}
