/// The rules about consultations.
extension Rule {
    package enum ConsultationRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }
}
