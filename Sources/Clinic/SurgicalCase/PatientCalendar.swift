/// A patient's time, as consultations see it: whoever is operated is not seen at the same hour.
extension Pathway {
    func checkPatientIsFree(
        _ patient: Patient, during interval: Interval, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let bookings = try state.records(of: patient.mrn).flatMap {
            try state.fetch(Booking.self, where: .active(.patient, $0.rawValue, overlapping: interval))
        }
        guard !bookings.isEmpty else { return }
        ruling.refuse(
            .ConsultationRules.patientBusy, [.startsAt, .minutes], "the patient is booked for a case then",
            mend: "choose another time",
            aside: bookings.map { "case \($0.surgicalCase) at \(zone.stamp($0.startsAt))" }.joined(separator: ", "))
    }
}
