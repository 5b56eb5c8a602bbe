'use strict';

global.test = (name, run) => run();
require('./wallet.test.js');
