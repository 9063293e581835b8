/// GONE
import 'package:KEPT/http.dart'; // GONE
/* GONE /* GONE */ GONE */
const page = '''
// KEPT
it's /* KEPT */
''';
Uri uri(Map<String, String> a) => Uri.parse('https://${a['host'] ?? 'KEPT//'}/x');
