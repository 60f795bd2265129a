<?php
// SPDX-License-Identifier: ISC
// php render.php FOLDER START END PART PARTS: the graphs of this Cacti as PNG,
// by the function that its web pages use; a line "ID <tab> octets or error" for
// each.
chdir('/usr/share/cacti/site');
require('./include/cli_check.php');
require_once('./lib/rrd.php');
require_once('./lib/graph_variables.php');

list(, $folder, $start, $end, $part, $parts) = $_SERVER['argv'];
$rows = db_fetch_assoc("SELECT id FROM graph_local WHERE id % $parts = $part");
foreach ($rows as $row) {
	$nobody = null;
	$options = array('graph_start' => $start, 'graph_end' => $end);
	$image = rrdtool_function_graph($row['id'], 0, $options, false,
		$nobody, 1);
	if (substr($image, 0, 4) == "\x89PNG") {
		file_put_contents("$folder/$row[id].png", $image);
		print "$row[id]\t" . strlen($image) . "\n";
	} else {
		$options['get_error'] = true;
		$why = rrdtool_function_graph($row['id'], 0, $options, false,
			$nobody, 1);
		print "$row[id]\tERROR " . str_replace("\n", ' ', $why) . "\n";
	}
}
